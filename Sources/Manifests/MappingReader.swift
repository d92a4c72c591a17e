/// The keys of a mapping in a policy file, each of which is asked for by name.
struct MappingReader {
    private let pairs: [YAMLNode.Pair]
    private let mapping: NodeReader
    private var known: [String] = []

    init(_ pairs: [YAMLNode.Pair], of mapping: NodeReader) {
        self.pairs = pairs
        self.mapping = mapping
    }

    /// What `read` makes of the value of `key`; nil also when there is none.
    mutating func optional<Value>(_ key: String, _ read: (NodeReader) -> Value?) -> Value? {
        known.append(key)
        guard let pair = pairs.first(where: { $0.key.text == key }) else { return nil }
        return read(mapping.child(pair.value, at: mapping.keyPath(key)))
    }

    /// The same of a key that must be there.
    mutating func required<Value>(_ key: String, _ read: (NodeReader) -> Value?) -> Value? {
        if !pairs.contains(where: { $0.key.text == key }) {
            mapping.refuse("is required", path: mapping.keyPath(key))
        }
        return optional(key, read)
    }

    /// Refuses the keys that nobody has asked for.
    func refuseTheRest() {
        for key in pairs.map(\.key) where !known.contains(key.text) {
            let suggestion = Suggestion.closest(to: key.text, among: known).map { "did you mean `\($0)`?" }
            let help = suggestion ?? "the keys here are \(known.joined(separator: ", "))"
            mapping.refuse("unknown key; \(help)", at: key.start, path: mapping.keyPath(key.text))
        }
    }
}
