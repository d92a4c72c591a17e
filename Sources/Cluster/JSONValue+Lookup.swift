package import JSON

/// Objects that the API server wrote, which has no key twice.
extension JSONValue {
    /// What an object has under `key`; nil when it has nothing, or null.
    package subscript(_ key: String) -> JSONValue? {
        guard let value = try? member(key), !value.has(.null) else { return nil }
        return value
    }
}
