import Sockets

/// Standard output and standard error.
enum Console {
    static func print(_ text: String) {
        File.write(Array((text + "\n").utf8), to: File.standardOutput)
    }

    /// Bytes as they are.
    static func write(_ bytes: [UInt8]) {
        File.write(bytes, to: File.standardOutput)
    }

    /// Rows in columns as wide as what is in them; the last one is as long as it is.
    static func print(table titles: [String], _ rows: [[String]]) {
        let rows = [titles] + rows.map { $0.map(printable) }
        let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            var line = ""
            for (column, text) in row.enumerated() {
                let isLast = column == row.count - 1
                line += text + (isLast ? "" : String(repeating: " ", count: widths[column] - text.count + 2))
            }
            print(line)
        }
    }

    /// A terminal is sent no control sequence that somebody has put into a name.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || 0x7F...0x9F ~= $0.value ? "\u{FFFD}" : $0 }
            )
        )
    }

    /// Writes over the last line of the terminal.
    static func status(_ text: String) {
        File.write(Array("\r\u{1B}[K\(text)".utf8), to: File.standardError)
    }

    /// Whether standard output is a terminal that may be sent colours (no-color.org).
    static var isColoured: Bool {
        File.isTerminal(File.standardOutput) && (EnvironmentVariable.value("NO_COLOR") ?? "").isEmpty
            && EnvironmentVariable.value("TERM") != "dumb"
    }

    static func error(_ text: String) {
        File.write(Array((text + "\n").utf8), to: File.standardError)
    }
}
