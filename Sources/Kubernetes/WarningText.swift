/// Text in the form that the API server passes on as a warning.
///
/// It drops a warning with a control character altogether, and cuts one to 256 characters when there are many.
package enum WarningText {
    package static let limit = 256

    /// `text` on one line within the limit.
    ///
    /// Characters that control, hide or reorder text, and those outside ASCII with them, become `?`.
    package static func line(of text: String) -> String {
        var line: [UInt8] = []
        // As much as can be shown, and a little to tell that it is too long.
        for word in text.utf8.prefix(4 * limit).split(whereSeparator: { $0 <= 0x20 }) {
            if !line.isEmpty { line.append(0x20) }
            for byte in word { line.append(byte < 0x7F ? byte : UInt8(ascii: "?")) }
        }
        return String(decoding: line, as: UTF8.self).cut(to: limit)
    }
}

extension String {
    /// The text, or what of it fits into so many bytes with three dots after it, up to the end of a word.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var kept = utf8.prefix(limit - 3)
        if let space = kept.lastIndex(where: { $0 <= 0x20 }),
            utf8.distance(from: startIndex, to: space) > limit / 2
        {
            kept = kept[..<space]
        }
        // Not within a character.
        while let next = utf8[kept.endIndex...].first, next & 0xC0 == 0x80 { kept.removeLast() }
        return String(decoding: kept, as: UTF8.self) + "..."
    }
}
