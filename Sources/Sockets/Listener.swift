import CLinux
import Glibc

/// A socket that connections arrive at.
package struct Listener: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    /// Starts to listen at `address`.
    package init(at address: SocketAddress) throws(SystemError) {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = try FileDescriptor("socket", socket(family, type, 0))
        Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, to: 1)
        if address.isIPv6 {
            Self.set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, to: 0)
        }
        guard address.withSockaddr({ bind(descriptor.number, $0, $1) }) == 0 else {
            throw SystemError("listen on \(address)")
        }
        guard listen(descriptor.number, 1_024) == 0 else { throw SystemError("listen on \(address)") }
        self.descriptor = descriptor
    }

    /// The port that is listened on, also when the system chose it.
    package var port: UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor.number, $0, &length)
            }
        }
        // sin_port and sin6_port stand at the same place.
        return UInt16(bigEndian: address.sin6_port)
    }

    /// The next connection; nil when none waits.
    package func accept() throws(SystemError) -> Socket? {
        let number = linux_accept(descriptor.number)
        guard number >= 0 else {
            switch errno {
            // Errors of the network that the peer never got over; accept(2) says to go on.
            case EAGAIN, EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH:
                return nil
            default: throw SystemError("accept")
            }
        }
        let accepted = FileDescriptor(taking: number)
        Self.set(accepted, CInt(IPPROTO_TCP), TCP_NODELAY, to: 1)
        return Socket(accepted)
    }

    private static func set(
        _ descriptor: borrowing FileDescriptor,
        _ level: CInt,
        _ name: CInt,
        to value: CInt
    ) {
        var value = value
        setsockopt(descriptor.number, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
