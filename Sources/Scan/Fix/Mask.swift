import Manifests

/// A text of manifests in which whatever may be a credential is hidden; it has as many lines as before.
enum Mask {
    private static let stars = Array("***".utf8)

    static func applied(to file: ManifestFile) -> [UInt8] {
        let bytes = file.bytes
        var hidden = secrets(in: bytes)
        var position = bytes.startIndex
        while let start = next("://", in: bytes, from: position) {
            let end = bytes[start...].firstIndex { " \t\r\n\"'`<>{}[]|".utf8.contains($0) } ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) { hidden.append(start..<at) }
            if let query = bytes[start..<end].firstIndex(of: UInt8(ascii: "?")) {
                hidden.append((query + 1)..<end)
            }
            position = end
        }
        return hide(hidden, in: bytes)
    }

    /// Where the data of Secrets are, and what hangs on a reference to one besides its name.
    private static func secrets(in bytes: [UInt8]) -> [Range<Int>] {
        guard let documents = try? YAMLDocument.parse(bytes) else { return [0..<bytes.count] }
        return documents.flatMap { values(of: $0.root, isSecret: false) }
    }

    private static func values(of node: YAMLNode, isSecret: Bool) -> [Range<Int>] {
        switch node.content {
        case .scalar: return isSecret ? [node.range] : []
        case .sequence(let items): return items.flatMap { values(of: $0, isSecret: isSecret) }
        case .mapping(let pairs):
            let isSecretManifest = node.text("kind") == "Secret"
            return pairs.flatMap { pair in
                let key = pair.key.text
                let isData = isSecretManifest && (key == "data" || key == "stringData")
                let isBesideName = key.hasSuffix("ecretRef")
                guard isBesideName, case .mapping(let fields) = pair.value.content else {
                    return values(of: pair.value, isSecret: isSecret || isData)
                }
                return fields.filter { $0.key.text != "name" }.flatMap {
                    values(of: $0.value, isSecret: true)
                }
            }
        }
    }

    private static func next(_ text: String, in bytes: [UInt8], from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        var position = start
        while let at = bytes[position...].firstIndex(of: wanted[0]) {
            if bytes[at...].starts(with: wanted) { return at + wanted.count }
            position = at + 1
        }
        return nil
    }

    /// Each of `ranges` as stars, line by line.
    private static func hide(_ ranges: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        var position = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.lowerBound >= position {
            let lines = bytes[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            shown += bytes[position..<range.lowerBound]
            shown += Array(lines.map { $0.isEmpty ? [] : stars }.joined(separator: [UInt8(ascii: "\n")]))
            position = range.upperBound
        }
        return shown + bytes[position...]
    }
}
