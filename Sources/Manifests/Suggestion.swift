/// What somebody may have meant who wrote a name that is none.
enum Suggestion {
    /// The one of `names` that is at most two slips of the finger from `text`.
    static func closest(to text: String, among names: [String]) -> String? {
        let written = Array(text.utf8.prefix(64)).map(lowercased)
        let distances = names.map { (name: $0, distance: distance(written, $0.utf8.map(lowercased))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        // Of a short name two letters are most of it.
        return best.distance <= min(2, best.name.utf8.count / 2 - 1) ? best.name : nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    // Optimal string alignment: a letter too many, too few, another one, or two that changed places.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var old = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(row[j] + 1, old[j + 1] + 1, old[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            (older, old) = (old, row)
        }
        return old[right.count]
    }
}
