/// One file of manifests, as it was read.
package struct ManifestFile: Sendable {
    /// As people are told; relative paths have no `./` before them.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
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
