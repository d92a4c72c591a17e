import Manifests

/// Finds the smallest change of a YAML text that changes one value, or takes one key away.
///
/// It knows the usual ways to write things. What it proposes has to be parsed and compared: anchors, merge keys and rare
/// ways of writing make it wrong.
struct YAMLEditor {
    let bytes: [UInt8]

    /// `value` becomes `text`, in the quotes that it has.
    func replace(_ value: YAMLNode, with text: String) -> TextEdit {
        let range = content(of: value)
        guard let first = bytes[range].first else { return TextEdit(range, " \(text)") }
        switch first {
        case UInt8(ascii: "\""): return TextEdit(range, "\"\(text)\"")
        case UInt8(ascii: "'"): return TextEdit(range, "'\(text.replacing("'", with: "''"))'")
        default:
            return TextEdit(range, text.utf8.contains(where: ",'!#".utf8.contains) ? "\"\(text)\"" : text)
        }
    }

    /// `key: value` comes after `pair` of `mapping`.
    func insert(_ key: String, _ value: String, after pair: YAMLNode.Pair, of mapping: YAMLNode) -> TextEdit {
        let end = content(of: pair.value).upperBound
        if bytes[content(of: mapping)].first == UInt8(ascii: "{") {
            // JSON knows no bare words.
            let isJSON = bytes[pair.key.start.offset] == UInt8(ascii: "\"")
            return TextEdit(end..<end, isJSON ? ", \"\(key)\": \"\(value)\"" : ", \(key): \(value)")
        }
        let line = lineEnd(from: end)
        let indentation = String(repeating: " ", count: pair.key.start.column - 1)
        return TextEdit(line..<line, "\(newline(at: line))\(indentation)\(key): \(value)")
    }

    /// `pair` of `mapping` goes, with its lines if they have nothing else.
    func remove(_ pair: YAMLNode.Pair, of mapping: YAMLNode) -> TextEdit {
        let start = pair.key.start.offset
        let end = max(content(of: pair.value).upperBound, pair.key.end.offset)
        let line = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if bytes[content(of: mapping)].first != UInt8(ascii: "{") {
            let next = bytes[end...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            return TextEdit(line..<next, "")
        }
        let blank = " \t\r".utf8
        var rest = bytes[end...].firstIndex { !blank.contains($0) } ?? bytes.count
        guard rest < bytes.count, bytes[rest] == UInt8(ascii: ",") else {
            // The last one: the comma before it goes, if nothing else is in between.
            let before = bytes[..<start].lastIndex { !" \t\r\n".utf8.contains($0) } ?? start
            return TextEdit((bytes[before] == UInt8(ascii: ",") ? before : start)..<end, "")
        }
        rest = bytes[(rest + 1)...].firstIndex { !blank.contains($0) } ?? bytes.count
        let isAlone = bytes[line..<start].allSatisfy { blank.contains($0) }
        guard isAlone, rest < bytes.count, "\n#".utf8.contains(bytes[rest]) else {
            return TextEdit(start..<rest, "")
        }
        let next = bytes[rest...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        return TextEdit(line..<next, "")
    }

    /// The bytes of a value itself: without anchor, tag, and what is blank after a block of text.
    private func content(of node: YAMLNode) -> Range<Int> {
        var start = node.range.lowerBound
        var end = max(node.range.upperBound, start)
        while start < end, "&!".utf8.contains(bytes[start]) {
            start = bytes[start..<end].firstIndex { " \t\r\n".utf8.contains($0) } ?? end
            start = bytes[start..<end].firstIndex { !" \t\r\n".utf8.contains($0) } ?? end
        }
        while end > start, " \t\r\n".utf8.contains(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Where the line that `offset` is in ends, before its line break.
    private func lineEnd(from offset: Int) -> Int {
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return end > offset && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
    }

    /// The line break at `offset`, or the file's usual one at its end.
    private func newline(at offset: Int) -> String {
        let usual = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        let isAtEnd = offset == bytes.count
        let place = isAtEnd ? usual - 1 : offset
        return bytes.indices.contains(place) && bytes[place] == UInt8(ascii: "\r") ? "\r\n" : "\n"
    }
}
