import Glibc

/// An address and a port to listen on or to connect to, written `127.0.0.1:8443` or `[::1]:8443`.
///
/// `[::]:PORT` is every address of the machine, of IPv4 and of IPv6.
package struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    package let host: String
    package let port: UInt16
    let isIPv6: Bool

    /// The address that `text` spells; nil when it spells none.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        let isIPv6 = host.hasPrefix("[") && host.hasSuffix("]")
        if isIPv6 {
            host = host.dropFirst().dropLast()
        }
        var room = in6_addr()
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(host), &room) == 1 else { return nil }
        self.description = text
        self.host = String(host)
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// Every IPv4 address of the machine, at `port`.
    package static func anywhere(_ port: UInt16) -> SocketAddress {
        SocketAddress(host: "0.0.0.0", port: port, isIPv6: false)
    }

    /// The address `host`, which is known to be one.
    init(host: String, port: UInt16, isIPv6: Bool) {
        description = isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
        self.host = host
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// Where somebody on this machine connects to who listens here.
    package var ofThisMachine: SocketAddress {
        switch host {
        case "0.0.0.0": SocketAddress(host: "127.0.0.1", port: port, isIPv6: false)
        case "::": SocketAddress(host: "::1", port: port, isIPv6: true)
        default: self
        }
    }

    /// Whether only this machine, or whoever shares its network namespace, can connect to it.
    package var isLoopback: Bool {
        guard isIPv6 else { return host.hasPrefix("127.") }
        var address = in6_addr()
        inet_pton(AF_INET6, host, &address)
        return withUnsafeBytes(of: address) { $0.last == 1 && $0.dropLast().allSatisfy { $0 == 0 } }
    }

    /// Calls `body` with the address as the socket calls want it.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            return Self.reinterpreting(&address, body)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return Self.reinterpreting(&address, body)
    }

    private static func reinterpreting<Address, Result>(
        _ address: inout Address,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
