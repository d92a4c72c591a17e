/// Why a text is no YAML, or none that is accepted here: where, and what.
package struct YAMLError: Error, Equatable {
    package let mark: YAMLMark
    package let what: String

    package init(_ mark: YAMLMark, _ what: String) {
        self.mark = mark
        self.what = what
    }
}

extension YAMLError: CustomStringConvertible {
    /// `7:5: what`, to put a file's name and a colon before.
    package var description: String {
        "\(mark.line):\(mark.column): \(what)"
    }
}
