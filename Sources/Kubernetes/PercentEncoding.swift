/// Percent-encoding, as URLs have it.
enum PercentEncoding {
    /// Whether every `%` is followed by two hexadecimal digits.
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        var at = text.startIndex
        while let percent = text[at...].firstIndex(of: UInt8(ascii: "%")) {
            guard escape(in: text, at: percent) != nil else { return false }
            at = percent + 3
        }
        return true
    }

    /// `text` with its escapes replaced; a faulty one stays as it is.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var at = text.startIndex
        while at < text.endIndex {
            if text[at] == UInt8(ascii: "%"), let byte = escape(in: text, at: at) {
                decoded.append(byte)
                at += 3
            } else {
                decoded.append(text[at])
                at += 1
            }
        }
        return decoded
    }

    private static func escape(in text: ArraySlice<UInt8>, at percent: Int) -> UInt8? {
        guard percent + 2 < text.endIndex,
            let high = ASCII.hexadecimal(text[percent + 1]),
            let low = ASCII.hexadecimal(text[percent + 2])
        else { return nil }
        return high << 4 | low
    }
}
