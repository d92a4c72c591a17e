/// A Git URL, split where Go's net/url splits it, for source-controller goes where that says.
///
/// What Go would refuse is malformed here. It is still searched for credentials, on the careful side: the text
/// is stored in the cluster, whether it works or not.
package struct RepositoryURL: Sendable {
    package let scheme: Scheme
    /// Decoded; empty when there is none.
    package let userName: [UInt8]
    /// Decoded; empty when there is none.
    package let password: [UInt8]
    /// In lower case, without the port, with percent escapes as they are: an escaped host is no known host.
    package let host: [UInt8]
    /// Whether Go's parser would refuse the URL.
    package let isMalformed: Bool

    let port: ArraySlice<UInt8>
    let path: ArraySlice<UInt8>
    let query: ArraySlice<UInt8>
    /// Whether an `@` stands after the authority.
    let hasStrayAt: Bool
    /// Whether that `@` may be what ends the user info, so that what looks like the host may be part of a password.
    let isAuthorityDoubtful: Bool

    /// The schemes that a decision knows; the case of letters does not matter.
    package enum Scheme: String, Sendable {
        case https
        case http
        case ssh
        /// Another, or none.
        case other

        init(_ name: ArraySlice<UInt8>) {
            func isNamed(_ scheme: Scheme) -> Bool {
                let wanted = scheme.rawValue.utf8
                return name.count == wanted.count
                    && zip(name, wanted).allSatisfy { ASCII.lowercased($0) == $1 }
            }
            self = isNamed(.https) ? .https : isNamed(.http) ? .http : isNamed(.ssh) ? .ssh : .other
        }
    }

    package init(_ text: String) {
        let bytes = Array(text.utf8)
        var isMalformed = bytes.contains { $0 < 0x20 || $0 == 0x7F }

        let fragmentStart = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        let queryStart = bytes[..<fragmentStart].firstIndex(of: UInt8(ascii: "?")) ?? fragmentStart
        query = bytes[queryStart..<fragmentStart].dropFirst()
        isMalformed = isMalformed || !PercentEncoding.isValid(bytes[fragmentStart...])

        let (scheme, afterScheme) = Self.scheme(of: bytes[..<queryStart])
        self.scheme = scheme ?? .other
        let rest = bytes[afterScheme..<queryStart]
        guard rest.starts(with: "//".utf8) else {
            // Nothing here is an authority to Go; `user:password@host:path` is one to a person.
            let colon = rest.firstIndex(of: UInt8(ascii: ":"))
            let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? queryStart
            let userInfo = Self.strayUserInfo(bytes[afterScheme...])
            (userName, password) = Self.credentials(userInfo)
            hasStrayAt = !userInfo.isEmpty
            isAuthorityDoubtful = hasStrayAt
            host = []
            port = []
            path = rest
            self.isMalformed =
                isMalformed || scheme == nil || colon.map { $0 < slash } ?? false
                || !PercentEncoding.isValid(path)
            return
        }

        let authorityStart = afterScheme + 2
        let pathStart = rest[authorityStart...].firstIndex(of: UInt8(ascii: "/")) ?? queryStart
        let authority = bytes[authorityStart..<pathStart]
        path = bytes[pathStart..<queryStart]
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let hostAndPort = at.map { authority[($0 + 1)...] } ?? authority
        let (host, port) = Self.splitPort(hostAndPort)
        self.host = host.map(ASCII.lowercased)
        self.port = port ?? []

        let userInfo = at.map { authority[..<$0] } ?? []
        isMalformed =
            isMalformed || scheme == nil || !Self.isHost(host) || port == nil
            || !userInfo.allSatisfy(Self.isUserInfo) || !PercentEncoding.isValid(userInfo)
            || !PercentEncoding.isValid(path)
        hasStrayAt = bytes[pathStart...].contains(UInt8(ascii: "@"))
        // To Go, `https://bob:2468/x@host` has a port and a path; whoever wrote it may have had a password in mind.
        // Without a colon, as in `https://host/@scope/name`, it is a path to everybody.
        let hasPort = port.map { $0.startIndex > host.endIndex } ?? false
        // A user name with a dot in it and a password that begins as a port would be a strange chance, unless an `@` says so.
        let isLikeName = at != nil || !host.contains { ".[".utf8.contains($0) }
        let isLikeUserInfo = hasStrayAt && (hasPort && isLikeName || userInfo.contains(UInt8(ascii: ":")))
        isAuthorityDoubtful =
            isLikeUserInfo || hasStrayAt && isMalformed || bytes[queryStart...].contains(UInt8(ascii: "@"))
        let stray = isMalformed && at == nil || isLikeUserInfo
        var credentials = Self.credentials(userInfo)
        if stray, credentials.password.isEmpty {
            // A `/`, `?` or `#` in a password that is not escaped ends the authority before its `@`.
            credentials = Self.credentials(Self.strayUserInfo(bytes[authorityStart...]))
        }
        (userName, password) = credentials
        self.isMalformed = isMalformed
    }

    /// The scheme in lower case, and where what follows its colon begins; nil when Go finds it faulty.
    private static func scheme(of bytes: ArraySlice<UInt8>) -> (Scheme?, Int) {
        for (index, byte) in zip(bytes.indices, bytes) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                if index == 0 { return (.other, 0) }
            case UInt8(ascii: ":"):
                if index == 0 { return (nil, 1) }
                return (Scheme(bytes[..<index]), index + 1)
            default:
                return (.other, 0)
            }
        }
        return (.other, 0)
    }

    private static func isUserInfo(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._:~!$&'()*+,;=%@".utf8.contains(byte)
    }

    /// What stands before the last `@`, wherever that is, without the slashes that it begins with.
    private static func strayUserInfo(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return [] }
        return text[..<at].drop { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    }

    private static func credentials(
        _ userInfo: ArraySlice<UInt8>
    ) -> (userName: [UInt8], password: [UInt8]) {
        guard let colon = userInfo.firstIndex(of: UInt8(ascii: ":")) else {
            return (PercentEncoding.decode(userInfo), [])
        }
        return (PercentEncoding.decode(userInfo[..<colon]), PercentEncoding.decode(userInfo[(colon + 1)...]))
    }
}
