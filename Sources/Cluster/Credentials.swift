import Sockets
import Synchronization

/// Who we are to an API server.
package enum Credentials: Sendable {
    case none
    case token(String)
    /// A token in a file that is replaced before it expires, as kubelet does.
    case tokenFile(TokenFile)
    case exec(ExecPlugin)

    /// The bearer token to send; nil when a client certificate, or nothing, says who we are.
    func token() throws(ClusterError) -> String? {
        switch self {
        case .none: nil
        case .token(let token): token
        case .tokenFile(let file): try file.token()
        case .exec(let plugin): try plugin.credential().token
        }
    }

    /// Forgets what the server did not accept, so that it is fetched anew; false when there is nothing to fetch.
    func refresh() -> Bool {
        switch self {
        case .none, .token: return false
        case .tokenFile(let file): file.forget()
        case .exec(let plugin): plugin.forget()
        }
        return true
    }
}

/// A token in a file, read again once a minute.
///
/// kubelet replaces a mounted token after 80 % of its life, of an hour at least.
package final class TokenFile: Sendable {
    private let path: String
    private let state = Mutex<(token: String, read: Int)?>(nil)

    package init(_ path: String) {
        self.path = path
    }

    func token() throws(ClusterError) -> String {
        if let known = state.withLock({ $0 }), Clock.monotonic - known.read < 60_000_000_000 {
            return known.token
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path)
        } catch {
            throw ClusterError("the token of the ServiceAccount cannot be read: \(error)")
        }
        let token = String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
        guard !token.isEmpty else { throw ClusterError("the token of the ServiceAccount, \(path), is empty") }
        state.withLock { $0 = (token, Clock.monotonic) }
        return token
    }

    func forget() {
        state.withLock { $0 = nil }
    }
}
