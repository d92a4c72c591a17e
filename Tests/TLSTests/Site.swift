import Glibc
import Sockets
import TLS
import TestSupport

/// A server of one connection, over a socket pair: it gives back what it reads.
struct Site {
    private let context: TLSContext

    init(_ pair: Certificates.Pair, clients: ClientVerification? = nil) throws {
        context = try TLSContext(
            certificateChain: pair.certificateBytes,
            privateKey: pair.keyBytes,
            clients: clients
        )
    }

    /// What is left of a connection: how it was spoken, and whether the server gave back what it was sent.
    struct Visit {
        let version: String
        let applicationProtocol: String
        let serverName: String
        let chainLength: Int
        let isResumed: Bool
        let ticket: ClientTLS.Ticket?
        let echo: String
    }

    /// Connects, has something given back, and hangs up.
    ///
    /// With TLS 1.3 a client learns only from its first read that the server does not want it.
    func visit(_ tls: ClientTLS) throws -> Visit {
        var pair: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw SystemError("socketpair")
        }
        let (ours, theirs) = (pair[0], pair[1])
        _ = fcntl(theirs, F_SETFL, O_NONBLOCK)
        let context = context
        let thread = try Thread(named: "echo") {
            Self.serve(Stream(accepting: Socket(taking: theirs), with: context))
        }
        defer { thread.join() }
        let client = try Client(taking: ours, tls: tls)
        try client.send("hello")
        client.finishSending()
        let echo = try client.readToEnd()
        guard !echo.isEmpty else { throw Trouble("the server has hung up") }
        return Visit(
            version: client.tlsVersion,
            applicationProtocol: client.applicationProtocol,
            serverName: client.serverName,
            chainLength: client.chainLength,
            isResumed: client.isResumed,
            ticket: client.ticket(),
            echo: echo
        )
    }

    private static func serve(_ stream: consuming Stream) {
        signal(SIGPIPE, SIG_IGN)
        var isOpen = false
        var buffer: [UInt8] = []
        var poll = pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&poll, 1, 20_000) > 0 {
            if !isOpen {
                guard let progress = try? stream.handshake(), progress != .closed else { return }
                isOpen = progress == .moved(0)
            }
            guard isOpen else { continue }
            switch stream.read(into: &buffer, limit: 4_096) {
            case .blocked, .full: continue
            case .closed: return
            case .moved:
                _ = stream.write(buffer, from: 0)
                stream.finishWriting()
                return
            }
        }
    }
}
