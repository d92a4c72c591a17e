internal import Kubernetes

/// What a scalar means to Kubernetes' tools, which read YAML into JSON by the rules of YAML 1.1.
///
/// The rules are those of sigs.k8s.io/yaml with goyaml.v2 (resolve.go): `yes` is a boolean, `0777` is octal,
/// `1_000` a thousand, and `2027-01-01` is text.
enum YAMLScalar: Equatable {
    case null
    case boolean(Bool)
    /// A number as JSON writes it.
    case number(String)
    case string(String)

    /// The meaning of `text`; nil when it is none of what `tag` says, or none that JSON can write.
    init?(_ text: String, _ style: YAMLNode.Style, tag: String?) {
        guard let name = tag.map(Self.shortName) else {
            guard let value = style == .plain ? Self.resolve(text) : .string(text) else { return nil }
            self = value
            return
        }
        switch name {
        case "null", "bool", "int", "float":
            guard let value = Self.resolve(text), value.isNamed(name) else { return nil }
            self = value
        // What it stands for is text of another alphabet, which sigs.k8s.io/yaml itself does not support.
        case "binary": return nil
        default: self = .string(text)
        }
    }

    /// `str` for `tag:yaml.org,2002:str`; empty for a tag that is somebody's own.
    private static func shortName(_ tag: String) -> String {
        let prefix = "tag:yaml.org,2002:"
        return tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : ""
    }

    private func isNamed(_ name: String) -> Bool {
        switch self {
        case .null: name == "null"
        case .boolean: name == "bool"
        case .number(let digits):
            name == "float" || name == "int" && !digits.utf8.contains { ".eE".utf8.contains($0) }
        case .string: false
        }
    }

    /// What bare text is; nil for a number that JSON cannot write.
    private static func resolve(_ text: String) -> YAMLScalar? {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .boolean(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
            return .boolean(false)
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
            "-.INF":
            return nil
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
        let digits = text.filter { $0 != "_" }
        return (integer(digits) ?? decimal(digits)).map(Self.number) ?? .string(text)
    }

    /// A whole number of 64 bits as Go writes it, in base 2, 8, 10 or 16; nil for other text.
    private static func integer(_ text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        var digits = Array(text.utf8.dropFirst(isNegative || text.hasPrefix("+") ? 1 : 0))[...]
        var base = 10
        if digits.count > 1, digits.first == UInt8(ascii: "0") {
            let marks: [UInt8: Int] = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2]
            let mark = marks[digits[digits.startIndex + 1] | 0x20]
            base = mark ?? 8
            digits = digits.dropFirst(mark == nil ? 1 : 2)
        }
        guard digits.allSatisfy({ ASCII.hexadecimal($0) != nil }),
            let magnitude = UInt64(String(decoding: digits, as: UTF8.self), radix: base),
            !isNegative || magnitude <= UInt64(Int64.max) + 1
        else { return nil }
        return isNegative && magnitude > 0 ? "-\(magnitude)" : "\(magnitude)"
    }

    /// A decimal fraction, with or without an exponent; nil for other text and for what no double can hold.
    private static func decimal(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var at = bytes.first.map { "+-".utf8.contains($0) } ?? false ? 1 : 0
        func digits() -> Int {
            let start = at
            while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
            return at - start
        }
        let whole = digits()
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard digits() + whole > 0 else { return nil }
        } else if whole == 0 {
            return nil
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, "+-".utf8.contains(bytes[at]) { at += 1 }
            guard digits() > 0 else { return nil }
        }
        guard at == bytes.count, let value = Double(text), value.isFinite else { return nil }
        return "\(value)"
    }
}
