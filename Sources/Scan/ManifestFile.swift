/// One file of manifests, as it was read.
package struct ManifestFile: Sendable {
    /// As people are told; relative paths have no `./` before them.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// The path as it may be shown.
    package var location: String { Excerpt.line(path) }

    /// Its documents one by one, each with blanks in the place of the others, so that lines and columns stay.
    var documents: [[UInt8]] {
        let starts = documentStarts
        return zip(starts, starts.dropFirst() + [bytes.count]).map { start, end in
            let blank = bytes[..<start].map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
            return blank + bytes[start..<end]
        }
    }

    /// The document that the byte at `offset` is in, by itself.
    func document(at offset: Int) -> ManifestFile {
        let starts = documentStarts
        let start = starts.last { $0 <= offset } ?? 0
        let end = starts.first { $0 > offset } ?? bytes.count
        return ManifestFile(path: path, bytes: Array(bytes[start..<end]))
    }

    private var documentStarts: [Int] {
        var starts = [0]
        var line = 0
        while line < bytes.count {
            let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let text = bytes[line..<end]
            if line > 0, text.starts(with: "---".utf8),
                text.count == 3 || " \t\r".utf8.contains(text[line + 3])
            {
                starts.append(line)
            }
            line = end + 1
        }
        return starts
    }

    /// Whether it may speak of Flux, in UTF-8 or UTF-16.
    var speaksOfFlux: Bool {
        ManifestFile(path: path, bytes: bytes.filter { $0 != 0 }).contains("fluxcd")
    }

    /// Whether `text`, which is ASCII, is anywhere in it.
    func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        let last = bytes.count - wanted.count
        var start = 0
        while start <= last, let at = bytes[start...last].firstIndex(of: first) {
            if bytes[at..<(at + wanted.count)].elementsEqual(wanted) { return true }
            start = at + 1
        }
        return false
    }
}
