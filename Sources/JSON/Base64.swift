/// Base64 with padding, RFC 4648 section 4.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Appends `data`, encoded, to `text`.
    package static func encode(_ data: [UInt8], into text: inout [UInt8]) {
        var at = 0
        while at < data.count {
            let group = data[at..<min(at + 3, data.count)]
            var bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[bits >> 18] : UInt8(ascii: "="))
                bits = bits << 6 & 0xFF_FFFF
            }
            at += 3
        }
    }

    /// What `text` encodes; nil when it is anything but Base64, whole and canonical.
    ///
    /// Line breaks are passed over, as Go does.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var data: [UInt8] = []
        var (digits, padding) = (0, 0)
        // The bits that wait until a byte is full, at most 6 before a digit comes.
        var (bits, waiting) = (0, 0)
        for byte in text where byte != UInt8(ascii: "\r") && byte != UInt8(ascii: "\n") {
            guard byte != UInt8(ascii: "=") else {
                padding += 1
                continue
            }
            guard padding == 0, let digit = digit(byte) else { return nil }
            digits += 1
            bits = bits << 6 | digit
            waiting += 6
            if waiting >= 8 {
                waiting -= 8
                data.append(UInt8(bits >> waiting))
                bits &= 1 << waiting - 1
            }
        }
        guard padding <= 2, (digits + padding) % 4 == 0, bits == 0 else { return nil }
        return data
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
