internal import JSON

extension YAMLNode {
    /// As much as the API server takes, and more: aliases make megabytes of a few lines.
    private static let limit = 8 << 20

    /// The value as JSON text, as Kubernetes' tools make it: bare scalars are what YAML 1.1 says they are.
    ///
    /// A node that has a merge key must be asked for ``merged()`` first.
    package func json() throws(YAMLError) -> [UInt8] {
        var text: [UInt8] = []
        try write(into: &text)
        return text
    }

    private func write(into text: inout [UInt8]) throws(YAMLError) {
        switch content {
        case .scalar(let scalar, let style):
            guard let value = YAMLScalar(scalar, style, tag: tag) else {
                throw YAMLError(start, "not a value that its tag says, or a number that JSON does not have")
            }
            text.writeJSON { json in
                switch value {
                case .null: json.null()
                case .boolean(let value): json.boolean(value)
                case .number(let digits): json.raw(ArraySlice(digits.utf8))
                case .string(let value): json.string(value)
                }
            }
        case .sequence(let items):
            text.append(UInt8(ascii: "["))
            for (number, item) in items.enumerated() {
                if number > 0 { text.append(UInt8(ascii: ",")) }
                try item.write(into: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .mapping(let pairs):
            text.append(UInt8(ascii: "{"))
            for (number, pair) in pairs.enumerated() {
                if number > 0 { text.append(UInt8(ascii: ",")) }
                let name = try pair.key.name
                text.writeJSON { $0.key(name) }
                try pair.value.write(into: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
        guard text.count <= Self.limit else {
            throw YAMLError(start, "more than \(Self.limit >> 20) MiB once its aliases are resolved")
        }
    }
}

extension YAMLNode.Key {
    /// What JSON calls the key: `"1"` for `0x1` and `"true"` for `on`, like Kubernetes' tools.
    ///
    /// A decimal fraction stays as it is written.
    var name: String {
        get throws(YAMLError) {
            switch YAMLScalar(text, style, tag: tag) {
            case .string(let text): return text
            case .boolean(let value): return value ? "true" : "false"
            case .number(let digits):
                return digits.utf8.contains { ".eE".utf8.contains($0) } ? text : digits
            case .null, nil: throw YAMLError(start, "a key must be text")
            }
        }
    }
}
