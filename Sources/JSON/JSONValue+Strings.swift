/// Strings, without making one where bytes will do.
extension JSONValue {
    /// A string's content, decoded; nil for anything else.
    package var string: String? {
        guard has(.string) else { return nil }
        guard hasEscapes else { return String(decoding: document.bytes[content], as: UTF8.self) }
        return String(decoding: unescaped(), as: UTF8.self)
    }

    /// Whether this is a string with this content, byte for byte.
    package func equals(_ text: String) -> Bool {
        has(.string) && contentEquals(text.utf8.span)
    }

    /// Whether this is a string without content.
    package var isEmptyString: Bool {
        has(.string) && content.isEmpty
    }

    /// Whether a string's content, decoded, is `text`.
    func contentEquals(_ text: Span<UInt8>) -> Bool {
        let bytes = hasEscapes ? unescaped() : document.bytes
        let range = hasEscapes ? 0..<bytes.count : content
        return range.count == text.count && Self.equal(bytes.span, range.lowerBound, text)
    }

    /// The bytes between the quotes, as written.
    var content: Range<Int> {
        start + 1..<Int(token.link & ~JSONToken.escaped)
    }

    private var hasEscapes: Bool {
        token.link & JSONToken.escaped != 0
    }

    /// Whether `bytes` go on with `text` from `start`.
    static func equal(_ bytes: Span<UInt8>, _ start: Int, _ text: Span<UInt8>) -> Bool {
        for index in text.indices where bytes[start &+ index] != text[index] { return false }
        return true
    }

    /// The content with its escapes, which the scanner has checked, replaced.
    private func unescaped() -> [UInt8] {
        let source = document.bytes
        let bytes = source.span
        let content = content
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var at = content.lowerBound
        while at < content.upperBound {
            guard bytes[at] == UInt8(ascii: "\\") else {
                text.append(bytes[at])
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            switch escape {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = JSONScanner.hexadecimal(bytes, at) ?? 0xFFFD
                at += 4
                if scalar & 0xFC00 == 0xD800, let low = JSONScanner.hexadecimal(bytes, at + 2) {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
                    at += 6
                }
                text.append(contentsOf: Character(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            default: text.append(escape)
            }
        }
        return text
    }
}
