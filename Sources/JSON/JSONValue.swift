/// One value of a document: a view, not a copy.
package struct JSONValue: Sendable {
    package let document: JSONDocument
    let index: Int

    package enum Kind: Sendable {
        case null
        case boolean
        case number
        case string
        case array
        case object
    }

    /// Whether the value is of this kind; the first byte is all that it takes.
    package func has(_ kind: Kind) -> Bool {
        let first = document.bytes[start]
        return switch kind {
        case .object: first == UInt8(ascii: "{")
        case .array: first == UInt8(ascii: "[")
        case .string: first == UInt8(ascii: "\"")
        case .null: first == UInt8(ascii: "n")
        case .boolean: first == UInt8(ascii: "t") || first == UInt8(ascii: "f")
        case .number: first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10
        }
    }

    package var kind: Kind {
        switch document.bytes[start] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// True or false; nil for anything else.
    package var boolean: Bool? {
        switch document.bytes[start] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// A number as it is written; nil for anything else.
    package var number: String? {
        guard kind == .number else { return nil }
        return String(decoding: document.bytes[start..<Int(token.link)], as: UTF8.self)
    }

    /// Where the value stands in `document.bytes`, quotes and all; nil for objects and arrays.
    package var text: Range<Int>? {
        switch kind {
        case .object, .array: nil
        case .string: start..<content.upperBound + 1
        default: start..<Int(token.link)
        }
    }

    var token: JSONToken {
        document.tape[index]
    }

    var start: Int {
        Int(token.start)
    }

    /// The index of the token after this value.
    var next: Int {
        let first = document.bytes[start]
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? Int(token.link) : index + 1
    }
}
