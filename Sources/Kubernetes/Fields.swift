package import JSON

/// Fields of an object, as Go reads them: null is absent, and another type is an error.
extension JSONValue {
    /// The object under `key`; `path` is what an error calls it.
    package func object(_ key: String, _ path: String) throws(ReviewError) -> JSONValue? {
        try field(key, .object, path, "an object")
    }

    /// The string under `key`.
    package func text(_ key: String, _ path: String) throws(ReviewError) -> JSONValue? {
        try field(key, .string, path, "a string")
    }

    /// The array under `key`.
    package func array(_ key: String, _ path: String) throws(ReviewError) -> JSONValue? {
        try field(key, .array, path, "an array")
    }

    /// The boolean under `key`; false when there is none.
    package func flag(_ key: String, _ path: String) throws(ReviewError) -> Bool {
        try field(key, .boolean, path, "true or false")?.boolean ?? false
    }

    private func field(
        _ key: String,
        _ kind: Kind,
        _ path: String,
        _ expected: String
    ) throws(ReviewError) -> JSONValue? {
        guard let value = try value(key) else { return nil }
        guard value.has(kind) else { throw ReviewError("\(path) must be \(expected)") }
        return value
    }

    /// The value under `key`, unless it is null.
    package func value(_ key: String) throws(ReviewError) -> JSONValue? {
        do {
            guard let value = try member(key), !value.has(.null) else { return nil }
            return value
        } catch {
            throw ReviewError(error)
        }
    }
}
