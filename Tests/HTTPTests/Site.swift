import Glibc
import Sockets
import Synchronization
import TLS
import TestSupport

@testable import HTTP

/// What the bytes go over.
enum Wire: CaseIterable {
    case plain
    case tls
}

/// A server on the loopback interface, for the time of a test.
struct Site {
    let server: Server
    let wire: Wire

    var port: UInt16 {
        server.port
    }

    var service: Service {
        server.service
    }

    var statistics: Statistics {
        server.service.statistics
    }

    func client(receiveBuffer: CInt? = nil) throws -> Client {
        let tls = wire == .tls ? try ClientTLS.trusting : nil
        return try Client(port, tls: tls, receiveBuffer: receiveBuffer)
    }

    /// Starts a server, and stops it after `body`.
    static func serving(
        _ wire: Wire = .plain,
        _ limits: Limits = Limits(),
        workers: Int = 1,
        handshakeFailed: @escaping @Sendable (TLSError) -> Void = { _ in },
        handler: @escaping Handler = Site.answer,
        _ body: (Site) throws -> Void
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        guard let address = SocketAddress("127.0.0.1:0") else { return }
        let context = try Self.context()
        let contexts: [Wire: @Sendable () -> TLSContext] = [.tls: { context }]
        let service = Service(
            limits: limits,
            context: contexts[wire],
            handshakeFailed: handshakeFailed,
            handler: handler
        )
        let server = try Server(at: address, workers: workers, service: service)
        try server.start(named: "test")
        defer { server.stop() }
        try body(Site(server: server, wire: wire))
    }

    private static func context() throws -> TLSContext {
        let pair = try Certificates.shared.server
        return try TLSContext(certificateChain: pair.certificateBytes, privateKey: pair.keyBytes)
    }

    /// `/echo` gives the body back, `/zeros?n=N` N zeros, `/thread` the number of the thread that serves.
    @Sendable static func answer(_ request: Request, _ response: inout Response) {
        response.contentType = .text
        if request.has("/echo", at: request.path) {
            response.body.append(contentsOf: request.buffer[request.body])
        } else if request.has("/zeros", at: request.path) {
            let text = request.parameter("n").map { String(decoding: $0, as: UTF8.self) } ?? ""
            response.body.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Int(text) ?? 0))
        } else if request.has("/thread", at: request.path) {
            response.body.append(contentsOf: "\(pthread_self())".utf8)
        } else {
            response.refuse(Refusal(.notFound, "no such path"))
        }
    }
}

extension Limits {
    /// Limits that are looked at every few milliseconds.
    static func watchful(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
        var limits = Limits()
        limits.sweep = 5 * .millisecond
        change(&limits)
        return limits
    }
}

extension Int {
    /// In nanoseconds.
    static let millisecond = 1_000_000
}

/// Holds whoever passes until it is opened.
final class Gate: Sendable {
    private let isOpen = Atomic(false)
    private let count = Atomic(0)

    /// How many have come to it.
    var arrivals: Int {
        count.load(ordering: .acquiring)
    }

    func open() {
        isOpen.store(true, ordering: .releasing)
    }

    func pass() {
        count.add(1, ordering: .acquiringAndReleasing)
        _ = Deadline.wait { isOpen.load(ordering: .acquiring) }
    }
}

/// Requests as they are written.
enum Wording {
    static func get(_ target: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
    }

    static func echo(_ body: String) -> String {
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
