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
}
