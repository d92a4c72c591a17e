extension RepositoryURL {
    /// `text`, an https URL, without a user name and password; nil when it cannot be told for sure what these are.
    package static func withoutUserInfo(_ text: String) -> String? {
        let url = RepositoryURL(text)
        guard url.scheme == .https, !url.host.isEmpty, !url.isMalformed, !url.hasStrayAt, url.query.isEmpty
        else { return nil }
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let start = colon + "://".utf8.count
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
        let host = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? start
        return String(decoding: bytes[..<start] + bytes[host...], as: UTF8.self)
    }
}
