/// A pattern over bytes in which `*` stands for any run of them, and everything else for itself.
struct Glob: Sendable {
    private let pattern: [UInt8]

    init(_ pattern: String) {
        self.pattern = Array(pattern.utf8)
    }

    /// Whether all of `text` fits.
    ///
    /// On a mismatch the last `*` takes one byte more; earlier ones never have to, so the time is bounded by the
    /// product of the lengths.
    func matches(_ text: String) -> Bool {
        let text = Array(text.utf8)
        var at = 0
        var place = 0
        var star: (place: Int, at: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == text[at] {
                place += 1
                at += 1
            } else if let last = star {
                star = (last.place, last.at + 1)
                place = last.place + 1
                at = last.at + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Whether whatever begins with `prefix` fits: a `*` at the end takes all that is still to come.
    func matchesEverything(beginningWith prefix: String) -> Bool {
        pattern.last == UInt8(ascii: "*") && matches(prefix)
    }
}
