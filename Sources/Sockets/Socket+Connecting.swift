import CLinux
import Glibc

/// Sockets that we open ourselves, and whose owner waits for them.
extension Socket {
    /// What to wait for.
    package enum Readiness: Sendable {
        case reading
        case writing
    }

    /// Connects to `host`, trying its addresses one after the other, until `deadline` on the monotonic clock.
    package static func connect(
        to host: String,
        port: UInt16,
        until deadline: Int
    ) throws(SystemError) -> Socket {
        let addresses = try Resolver.addresses(of: host, port: port)
        var failure = SystemError("connect to \(host), port \(port)", code: ETIMEDOUT)
        for (index, address) in addresses.enumerated() {
            // What time there is, is for all of them.
            let share = max(0, deadline - Clock.monotonic) / (addresses.count - index)
            do throws(SystemError) {
                return try connect(to: address, until: Clock.monotonic + share)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func connect(to address: SocketAddress, until deadline: Int) throws(SystemError) -> Socket
    {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let connection = Socket(try FileDescriptor("socket", Glibc.socket(family, type, 0)))
        let number = connection.descriptor.number
        let what = "connect to \(address)"
        let answer = address.withSockaddr { Glibc.connect(number, $0, $1) }
        if answer != 0 {
            guard errno == EINPROGRESS else { throw SystemError(what) }
            guard connection.wait(for: .writing, until: deadline) else {
                throw SystemError(what, code: ETIMEDOUT)
            }
            var code: CInt = 0
            var length = socklen_t(MemoryLayout<CInt>.size)
            getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { throw SystemError(what, code: code) }
        }
        for (level, name, value) in [
            (CInt(IPPROTO_TCP), TCP_NODELAY, 1),
            // A peer that is gone without a word is noticed within half a minute, also while nothing is sent.
            (SOL_SOCKET, SO_KEEPALIVE, 1), (CInt(IPPROTO_TCP), TCP_KEEPIDLE, 15),
            (CInt(IPPROTO_TCP), TCP_KEEPINTVL, 5), (CInt(IPPROTO_TCP), TCP_KEEPCNT, 3),
        ] as [(CInt, CInt, CInt)] {
            var value = value
            setsockopt(number, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
        }
        return connection
    }

    /// Waits until it is ready, or until `deadline` on the monotonic clock; whether it is.
    package func wait(for readiness: Readiness, until deadline: Int) -> Bool {
        let events = Int16(readiness == .reading ? POLLIN : POLLOUT)
        while true {
            let left = deadline - Clock.monotonic
            guard left > 0 else { return false }
            var poll = pollfd(fd: descriptor.number, events: events, revents: 0)
            let answer = Glibc.poll(&poll, 1, CInt(clamping: left / 1_000_000 + 1))
            if answer > 0 { return true }
            if answer < 0, errno != EINTR { return false }
        }
    }
}
