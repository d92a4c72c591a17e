import CLinux
import Glibc

/// The addresses that a host's name stands for.
package enum Resolver {
    /// The addresses of `host`, a name or an address itself (an IPv6 one without brackets), with `port`.
    ///
    /// Asks as the system does: /etc/hosts, then the servers of /etc/resolv.conf. It may take as long as they do.
    package static func addresses(of host: String, port: UInt16) throws(SystemError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, nil, &hints, &list)
        if code != 0 {
            // Where a machine has only loopback addresses, AI_ADDRCONFIG leaves nothing.
            hints.ai_flags = 0
            code = getaddrinfo(host, nil, &hints, &list)
        }
        guard code == 0 else {
            throw SystemError("look up \(host)", reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { entry in
            guard let info = entry?.pointee, let address = numeric(info) else { return nil }
            return SocketAddress(host: address, port: port, isIPv6: info.ai_family == AF_INET6)
        }
    }

    private static func numeric(_ info: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            info.ai_addr,
            info.ai_addrlen,
            &text,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        return code == 0 ? text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } : nil
    }
}
