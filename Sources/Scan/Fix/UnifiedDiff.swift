/// The difference of two texts as people read it, three lines of context around each change.
///
/// No credential is shown: what may be one is `***`, so that the difference is to be read, not to be applied.
package enum UnifiedDiff {
    private static let context = 3

    private struct Line {
        let mark: Character
        let text: String
        /// How many lines of the old and the new text come before it.
        let old: Int
        let new: Int
    }

    /// Nothing when they are the same.
    package static func text(from old: ManifestFile, to new: ManifestFile, isColoured: Bool = false) -> String
    {
        let lines = lines(from: old, to: new)
        let changes = lines.indices.filter { lines[$0].mark != " " }
        var hunks: [Range<Int>] = []
        for change in changes {
            let range = max(0, change - context)..<min(lines.count, change + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        guard !hunks.isEmpty else { return "" }
        func paint(_ text: String, _ colour: String) -> String {
            isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
        }
        var text = paint("--- a/\(old.location)", "1") + "\n" + paint("+++ b/\(new.location)", "1") + "\n"
        for hunk in hunks {
            let part = lines[hunk]
            let (before, after) = (part.count { $0.mark != "+" }, part.count { $0.mark != "-" })
            let first = lines[hunk.lowerBound]
            let places = "-\(first.old + 1),\(before) +\(first.new + 1),\(after)"
            text += paint("@@ \(places) @@", "36") + "\n"
            for line in part {
                let shown = "\(line.mark)\(line.text)"
                text += line.mark == " " ? shown : paint(shown, line.mark == "-" ? "31" : "32")
                text += "\n"
            }
        }
        return text
    }

    private static func lines(from old: ManifestFile, to new: ManifestFile) -> [Line] {
        let (before, after) = (split(old.bytes), split(new.bytes))
        let (shownBefore, shownAfter) = (split(Mask.applied(to: old)), split(Mask.applied(to: new)))
        let difference = after.difference(from: before)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [Line] = []
        var (first, second) = (0, 0)
        while first < before.count || second < after.count {
            if first < before.count, removed.contains(first) {
                lines.append(Line(mark: "-", text: show(shownBefore[first]), old: first, new: second))
                first += 1
            } else if second < after.count, inserted.contains(second) {
                lines.append(Line(mark: "+", text: show(shownAfter[second]), old: first, new: second))
                second += 1
            } else {
                lines.append(Line(mark: " ", text: show(shownBefore[first]), old: first, new: second))
                first += 1
                second += 1
            }
        }
        return lines
    }

    private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// A line as a terminal may be sent it.
    private static func show(_ line: ArraySlice<UInt8>) -> String {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        var text = ""
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            let isControl = scalar.value < 0x20 && scalar != "\t" || 0x7F...0x9F ~= scalar.value
            text.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return text
    }
}
