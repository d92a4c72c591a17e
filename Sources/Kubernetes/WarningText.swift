/// Text in the form that the API server passes on as warnings.
///
/// It drops a warning with a control character altogether, and asks for no more than 120 characters in one.
package enum WarningText {
    package static let limit = 120

    /// `text` in lines within the limit, broken at spaces; a word that is longer stays whole.
    ///
    /// Characters that control, hide or reorder text, and those outside ASCII with them, become `?`.
    package static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        for word in text.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            if !line.isEmpty, line.count + 1 + word.count > limit {
                lines.append(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
            }
            if !line.isEmpty { line.append(0x20) }
            for byte in word { line.append(byte < 0x7F ? byte : UInt8(ascii: "?")) }
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }
}
