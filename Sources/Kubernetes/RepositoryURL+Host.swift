/// Hosts as Go's net/url has them, from Go 1.26 on, which is stricter than before about brackets and colons.
extension RepositoryURL {
    /// The host and the port of an authority; no port is an empty one, and nil one that Go refuses.
    static func splitPort(
        _ text: ArraySlice<UInt8>
    ) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        let hostEnd: Int
        if text.first == UInt8(ascii: "["), let bracket = text.lastIndex(of: UInt8(ascii: "]")) {
            hostEnd = bracket + 1
        } else {
            hostEnd = text.lastIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        }
        let host = text[..<hostEnd]
        let port = text[hostEnd...]
        guard let colon = port.first else { return (host, []) }
        let digits = port.dropFirst()
        guard colon == UInt8(ascii: ":"), digits.allSatisfy(ASCII.isDigit) else { return (host, nil) }
        return (host, digits)
    }

    static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        guard !host.isEmpty, PercentEncoding.isValid(host) else { return false }
        if host.contains(where: { "[]".utf8.contains($0) }) {
            return host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
                && IPv6Literal.isValid(host.dropFirst().dropLast())
        }
        // A host has no escape for ASCII, but for the percent sign.
        let hasNeedlessEscape = host.indices.contains { index in
            guard host[index] == UInt8(ascii: "%") else { return false }
            let decoded = PercentEncoding.decode(host[index...].prefix(3))
            return decoded.contains { $0 < 0x80 && $0 != UInt8(ascii: "%") }
        }
        return !hasNeedlessEscape
            && host.allSatisfy { byte in
                byte >= 0x80 || ASCII.isAlphanumeric(byte)
                    || "-_.~!$&'()*+,;=:<>\"%".utf8.contains(byte)
            }
    }
}
