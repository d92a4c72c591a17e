/// Changes to a JSON document, RFC 6902, of the two kinds that only put something there.
package struct JSONPatch: Sendable, Equatable {
    package private(set) var operations: [Operation] = []

    package init() {}

    package struct Operation: Sendable, Equatable {
        package enum Kind: String, Sendable {
            case add
            case replace
        }

        package let kind: Kind
        /// The keys from the root down to what is put there.
        package let path: [String]
        package let value: Value

        /// The path as RFC 6901 writes it.
        package var pointer: String {
            JSONPatch.pointer(path)
        }
    }

    package enum Value: Sendable, Equatable {
        case string(String)
        /// An object with these members, in this order.
        case object([Member])
    }

    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: Value

        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    package var isEmpty: Bool {
        operations.isEmpty
    }

    package mutating func add(_ path: [String], _ value: Value) {
        operations.append(Operation(kind: .add, path: path, value: value))
    }

    package mutating func replace(_ path: [String], _ value: Value) {
        operations.append(Operation(kind: .replace, path: path, value: value))
    }

    /// The patch as JSON text.
    package func write(into json: inout JSONWriter) {
        json.array { json in
            for operation in operations {
                json.object { json in
                    json.member("op", operation.kind.rawValue)
                    json.member("path", operation.pointer)
                    json.key("value")
                    operation.value.write(into: &json)
                }
            }
        }
    }

    /// The JSON Pointer, RFC 6901, of a path.
    static func pointer(_ path: [String]) -> String {
        path.map { "/" + escape($0) }.joined()
    }

    /// `~` goes first: the other way round, the `~` of each `~1` would be escaped again.
    private static func escape(_ key: String) -> String {
        key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}

extension JSONPatch.Value {
    fileprivate func write(into json: inout JSONWriter) {
        switch self {
        case .string(let text):
            json.string(text)
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(member.key)
                    member.value.write(into: &json)
                }
            }
        }
    }
}
