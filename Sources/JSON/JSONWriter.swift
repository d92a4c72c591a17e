/// Writes JSON text, value by value, and puts the commas.
///
/// For example:
///
///     buffer.writeJSON { json in
///         json.object { json in
///             json.member("allowed", true)
///         }
///     }
package struct JSONWriter {
    private var bytes: [UInt8]
    private var needsComma = false

    fileprivate init(_ bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    fileprivate consuming func finish() -> [UInt8] {
        bytes
    }

    package mutating func object(_ content: (inout JSONWriter) -> Void) {
        nested(UInt8(ascii: "{"), UInt8(ascii: "}"), content)
    }

    package mutating func array(_ content: (inout JSONWriter) -> Void) {
        nested(UInt8(ascii: "["), UInt8(ascii: "]"), content)
    }

    /// The key of the value that is written next.
    package mutating func key(_ key: String) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if Self.isPlain(text.utf8.span) {
            bytes.append(contentsOf: text.utf8)
        } else {
            escape(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether nothing has to be escaped, which is so nearly always.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where isSpecial(text[index]) { return false }
        return true
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func escape(_ text: String) {
        let text = Array(text.utf8)
        var plain = text.startIndex
        for index in text.indices where Self.isSpecial(text[index]) {
            bytes.append(contentsOf: text[plain..<index])
            plain = index + 1
            escape(text[index])
        }
        bytes.append(contentsOf: text[plain...])
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A:
            bytes.append(contentsOf: "\\n".utf8)
        default:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.hexadecimalDigit(byte >> 4))
            bytes.append(Self.hexadecimalDigit(byte & 0xF))
        }
    }

    package mutating func number(_ number: Int) {
        literal(number.description)
    }

    package mutating func boolean(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    package mutating func null() {
        literal("null")
    }

    /// A value that is JSON text already.
    package mutating func raw(_ text: ArraySlice<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// A string of base64.
    package mutating func base64(_ data: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Base64.encode(data, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func member(_ key: String, _ text: String) {
        self.key(key)
        string(text)
    }

    package mutating func member(_ key: String, _ number: Int) {
        self.key(key)
        self.number(number)
    }

    package mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        boolean(value)
    }

    private mutating func nested(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        content(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension [UInt8] {
    /// Appends what `content` writes.
    package mutating func writeJSON(_ content: (inout JSONWriter) -> Void) {
        // The writer holds the only reference, so that nothing is copied.
        var bytes: [UInt8] = []
        swap(&bytes, &self)
        var writer = JSONWriter(consume bytes)
        content(&writer)
        self = writer.finish()
    }
}
