/// HTML, in which everything that is not written in the source is escaped.
///
/// The literal parts of a string are markup; what stands in `\( )` is text, or HTML already:
///
///     let name = "<script>"
///     let html: HTML = "<td>\(name)</td>"   // <td>&lt;script&gt;</td>
package struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    package fileprivate(set) var text: String

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        package mutating func appendInterpolation(_ html: HTML) {
            text += html.text
        }

        package mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts {
                text += part.text
            }
        }

        package mutating func appendInterpolation(_ number: Int) {
            text += number.description
        }

        package mutating func appendInterpolation(_ text: String) {
            self.text.appendEscaped(text)
        }
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }
}

extension String {
    /// Appends text as it may stand between tags and in a quoted attribute.
    ///
    /// What HTML cannot hold, and what turns the direction of the text around it, is shown as a replacement character.
    fileprivate mutating func appendEscaped(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": self += "&amp;"
            case "<": self += "&lt;"
            case ">": self += "&gt;"
            case "\"": self += "&quot;"
            case "'": self += "&#39;"
            case "\t", "\n": unicodeScalars.append(scalar)
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                unicodeScalars.append("\u{FFFD}")
            default: unicodeScalars.append(scalar)
            }
        }
    }
}
