/// A change of a text: these bytes become those.
struct TextEdit: Hashable {
    let range: Range<Int>
    let replacement: [UInt8]

    init(_ range: Range<Int>, _ replacement: String) {
        self.range = range
        self.replacement = Array(replacement.utf8)
    }

    /// `bytes` with all of `edits` made; nil when two of them overlap.
    static func apply(_ edits: Set<TextEdit>, to bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var position = 0
        for edit in edits.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard edit.range.lowerBound >= position else { return nil }
            result += bytes[position..<edit.range.lowerBound] + edit.replacement
            position = edit.range.upperBound
        }
        return result + bytes[position...]
    }
}
