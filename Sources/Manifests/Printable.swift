internal import Kubernetes

/// How a name out of a file is shown to people: short, and without a character that moves a cursor.
enum Printable {
    /// Twice the longest key there is; a name that is longer is none.
    private static let limit = 48

    /// `text`, cut, with what cannot be seen replaced.
    static func name(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let shown = scalars.prefix(limit).map { isInvisible($0) ? "\u{FFFD}" : Character($0) }
        return String(shown) + (scalars.count > limit ? "…" : "")
    }

    /// The same in back quotes.
    static func quote(_ text: String) -> String {
        "`\(name(text))`"
    }

    /// A key as it may be shown to anybody: one that reads like no key of Kubernetes is not repeated.
    static func key(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            ASCII.isAlphanumeric(byte) || "-._/".utf8.contains(byte)
        }
        return isPlain && text.utf8.count <= limit ? "the key `\(text)`" : "a key"
    }

    /// True of line ends, escapes, and what turns the direction of writing.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
