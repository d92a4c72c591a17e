/// Text in the form that the API server passes on as warnings.
///
/// It drops a warning with a control character altogether, and asks for no more than 120 characters in one.
package enum WarningText {
    package static let limit = 120

    /// `text` in lines within the limit, broken at spaces; a word that is longer stays whole.
    package static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        var length = 0
        for word in text.unicodeScalars.split(whereSeparator: { isControl($0) || $0 == " " }) {
            if length > 0, length + 1 + word.count > limit {
                lines.append(line)
                line = ""
                length = 0
            }
            if length > 0 {
                line += " "
                length += 1
            }
            line += String(word)
            length += word.count
        }
        if length > 0 { lines.append(line) }
        return lines
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // What hides or reorders text is no better than a control character.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
