import JSON

/// A JSON value by itself, which can be changed and compared.
indirect enum Tree: Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string([UInt8])
    case array([Tree])
    case object([Member])

    struct Member: Equatable {
        var key: [UInt8]
        var value: Tree
    }

    /// Nil when it has text that is no Unicode.
    init?(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean ?? false)
        case .number: self = .number(value.number ?? "")
        case .string:
            guard let text = value.string else { return nil }
            self = .string(Array(text.utf8))
        case .array:
            var items: [Tree] = []
            for element in value.elements {
                guard let item = Tree(element) else { return nil }
                items.append(item)
            }
            self = .array(items)
        case .object:
            var members: [Member] = []
            for (key, value) in value.members {
                guard let key = key.string, let value = Tree(value) else { return nil }
                members.append(Member(key: Array(key.utf8), value: value))
            }
            self = .object(members)
        }
    }

    init(_ value: JSONPatch.Value) {
        switch value {
        case .string(let text): self = .string(Array(text.utf8))
        case .object(let members):
            self = .object(members.map { Member(key: Array($0.key.utf8), value: Tree($0.value)) })
        }
    }

    func write(into json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .boolean(let value): json.boolean(value)
        case .number(let digits): json.raw(ArraySlice(digits.utf8))
        case .string(let text): json.string(String(decoding: text, as: UTF8.self))
        case .array(let items):
            json.array { json in
                for item in items { item.write(into: &json) }
            }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(String(decoding: member.key, as: UTF8.self))
                    member.value.write(into: &json)
                }
            }
        }
    }

    /// Applies an operation (RFC 6902); false when there is nothing to put it into.
    mutating func put(_ operation: JSONPatch.Operation) -> Bool {
        put(Tree(operation.value), at: operation.path[...])
    }

    private mutating func put(_ value: Tree, at path: ArraySlice<String>) -> Bool {
        guard case .object(var members) = self, let key = path.first.map({ Array($0.utf8) }) else {
            return false
        }
        let index = members.lastIndex { $0.key == key }
        defer { self = .object(members) }
        guard path.count > 1 else {
            if let index {
                members[index].value = value
            } else {
                members.append(Member(key: key, value: value))
            }
            return true
        }
        guard let index else { return false }
        return members[index].value.put(value, at: path.dropFirst())
    }
}
