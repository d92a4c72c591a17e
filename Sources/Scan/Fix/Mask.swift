import Kubernetes
import Manifests
import Policy

/// A text of manifests in which only what is known to be no credential can be read; it has as many lines as before.
///
/// Keys that read like Kubernetes' stay, a URL stays without user-info and query, and the values of a few keys stay.
/// Everything else, comments too, is stars: a credential can stand in any of it.
struct Mask {
    private static let stars = "***"
    /// The keys whose values may be shown, if they read like names.
    private static let known: Set<String> = [
        "apiVersion", "kind", "name", "namespace", "provider", "interval", "timeout", "branch", "tag",
        "prune",
        "suspend", "recurseSubmodules",
    ]

    private let bytes: [UInt8]
    private var shown: [(range: Range<Int>, text: String)] = []

    static func applied(to file: ManifestFile) -> [UInt8] {
        var mask = Mask(bytes: file.bytes)
        guard let documents = try? YAMLDocument.parse(file.bytes) else {
            return mask.hidden(0..<file.bytes.count)
        }
        for document in documents { mask.take(document.root, key: "", isData: false) }
        return mask.text
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func take(_ node: YAMLNode, key: String, isData: Bool) {
        switch node.content {
        case .scalar(let text, _): shown.append((node.range, value(text, node, key: key, isData: isData)))
        case .sequence(let items):
            for item in items { take(item, key: "", isData: isData) }
        case .mapping(let pairs):
            let isSecret = node.text("kind") == "Secret"
            for pair in pairs {
                let range = pair.key.start.offset..<pair.key.end.offset
                let isPlain = Excerpt.key(pair.key.text) == pair.key.text
                shown.append((range, isPlain ? raw(range) : Self.stars))
                let isHeld = isSecret && (pair.key.text == "data" || pair.key.text == "stringData")
                take(pair.value, key: pair.key.text, isData: isData || isHeld)
            }
        }
    }

    private func value(_ text: String, _ node: YAMLNode, key: String, isData: Bool) -> String {
        let raw = raw(node.range)
        if text.isEmpty { return raw }
        let quote = raw.first.map { "\"'".contains($0) } ?? false ? String(raw.prefix(1)) : ""
        if key == "url", !isData {
            let url = RepositoryURL(text)
            guard url.scheme != .other, !url.isMalformed else { return quote + Self.stars + quote }
            let hasUserInfo = !url.userName.isEmpty || !url.password.isEmpty
            return quote
                + (hasUserInfo ? url.redacted.replacing("://", with: "://\(Self.stars)@") : url.redacted)
                + quote
        }
        guard !isData, Self.known.contains(key), text.utf8.allSatisfy(Self.isPlain), text.utf8.count <= 63,
            raw == quote + text + quote
        else { return quote + Self.stars + quote }
        return raw
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._/".utf8.contains(byte)
    }

    private func raw(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// All of it: scalars as they may be shown, and between them nothing but structure.
    private var text: [UInt8] {
        var result: [UInt8] = []
        var position = 0
        for (range, text) in shown.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where range.lowerBound >= position {
            result += structure(position..<range.lowerBound)
            // A scalar of several lines stays one of as many.
            let lines = bytes[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            result += text.utf8.filter { $0 != UInt8(ascii: "\n") }
            for line in lines.dropFirst() { result += "\n\(line.isEmpty ? "" : Self.stars)".utf8 }
            position = range.upperBound
        }
        return result + structure(position..<bytes.count)
    }

    /// What stands between scalars: punctuation and blanks; comments, anchors and tags are hidden.
    private func structure(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var isHidden = false
        var isComment = false
        for byte in bytes[range] {
            switch byte {
            case UInt8(ascii: "\n"):
                (isHidden, isComment) = (false, false)
                result.append(byte)
            case _ where isComment: continue
            case UInt8(ascii: "#"):
                isComment = true
                result += "# \(Self.stars)".utf8
            case _ where " \t\r{}[],:-?.".utf8.contains(byte):
                isHidden = false
                result.append(byte)
            case _ where isHidden: continue
            default:
                isHidden = true
                result += Self.stars.utf8
            }
        }
        return result
    }

    private func hidden(_ range: Range<Int>) -> [UInt8] {
        let lines = bytes[range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return Array(
            lines.map { $0.isEmpty ? [] : Array(Self.stars.utf8) }.joined(separator: [UInt8(ascii: "\n")])
        )
    }
}
