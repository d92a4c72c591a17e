import Kubernetes
import Policy

/// What of a file may be shown to whoever reads the report.
enum Excerpt {
    private static let longestKey = 63

    /// A value: a URL without what may be a credential, a name as it is, anything else not at all.
    static func value(_ text: String, at path: String) -> String {
        if path.hasPrefix("data[") || path.hasPrefix("stringData[") { return "…" }
        if text.isEmpty { return "" }
        if path.hasSuffix("url") {
            let url = RepositoryURL(text)
            return url.scheme == .other ? "…" : url.redacted
        }
        return Shown.plain(text, or: "…")
    }

    static func key(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "-._/".utf8.contains($0) }
        return isPlain && text.utf8.count <= longestKey ? text : "…"
    }
}
