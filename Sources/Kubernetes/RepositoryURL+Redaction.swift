extension RepositoryURL {
    private static let longestHost = 253
    private static let longestPath = 100

    /// The URL as it may be shown: scheme, host, port and path, and nothing that can hold a credential.
    ///
    /// Where the parts cannot be told apart for sure, the doubtful ones are left out.
    package var redacted: String {
        guard scheme != .other, !host.isEmpty else { return "(not a usable URL)" }
        // Before a stray `@`, what has no dot may be half a password: `https://tok/en@host`.
        guard !isAuthorityDoubtful, !hasStrayAt || host.contains(where: { ".[".utf8.contains($0) }),
            host.count <= Self.longestHost, host.allSatisfy(Self.isPlain)
        else { return "\(scheme.rawValue)://..." }
        let origin = "\(scheme.rawValue)://\(String(decoding: host, as: UTF8.self))"
        guard !isMalformed, !hasStrayAt, !isUserNameInPath, port.count <= 5 else { return origin + "/..." }
        return origin + (port.isEmpty ? "" : ":\(String(decoding: port, as: UTF8.self))") + redactedPath
    }

    private var redactedPath: String {
        var end = path.startIndex
        let limit = min(path.endIndex, path.startIndex + Self.longestPath)
        while end < limit, Self.isShown(path, end) { end += 1 }
        return String(decoding: path[..<end], as: UTF8.self) + (end < path.endIndex ? "..." : "")
    }

    /// Whether a byte of a path is no sign that something other than a path begins, escaped or not.
    static func isShown(_ path: ArraySlice<UInt8>, _ index: Int) -> Bool {
        let byte = path[index]
        if byte == UInt8(ascii: "%") {
            let decoded = PercentEncoding.decode(path[index...].prefix(3))
            return !decoded.contains { "?#@:;=&%/".utf8.contains($0) }
        }
        return ASCII.isAlphanumeric(byte) || "/-._~!$'()*+,".utf8.contains(byte)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._[]:<>$".utf8.contains(byte)
    }
}
