import Kubernetes
import Policy

/// What of a file may be shown to whoever reads the report.
enum Excerpt {
    private static let longestKey = 63

    /// A value: a URL without what may be a credential, a name as it is, anything else not at all.
    static func value(_ text: String, at path: String) -> String {
        if text.isEmpty { return "" }
        if path.hasPrefix("data[") || path.hasPrefix("stringData[") { return "…" }
        if path.hasSuffix("url") {
            let url = RepositoryURL(text)
            return url.scheme == .other ? "…" : url.redacted
        }
        if path.hasPrefix("metadata.annotations") {
            let isID = text.utf8.allSatisfy { ASCII.hexadecimal($0) != nil || $0 == UInt8(ascii: "-") }
            return isID || text == "true" ? text : "…"
        }
        return Shown.plain(text, or: "…")
    }

    static func key(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "-._/".utf8.contains($0) }
        return isPlain && text.utf8.count <= longestKey ? text : "…"
    }

    /// Text on its way to a terminal or a CI's log: no control character, and no command to the CI (`##vso[`, `##[`).
    static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isHidden =
                scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x202E ~= scalar.value
            line.unicodeScalars.append(isHidden ? "\u{FFFD}" : scalar)
        }
        line = line.replacing("##", with: "# #")
        return line.hasPrefix("::") ? " " + line : line
    }
}
