import Sockets
import Synchronization
import TLS
import TestSupport
import Testing

@testable import HTTP

@Suite("The TLS port")
struct TLSPortTests {
    @Test(arguments: ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /validate HTTP/1.1\r\nHost: x\r\n\r\n"])
    func `tells whoever speaks plain HTTP that it speaks TLS`(request: String) throws {
        try Site.serving(.tls) { site in
            let client = try Client(site.port)
            let reply = try client.request(request)
            #expect(reply.status == 400 && reply["connection"] == "close")
            #expect(reply["content-type"] == "text/plain; charset=utf-8")
            #expect(reply.text == "this port speaks TLS: use https instead of http.\n")
            #expect(try client.waitForClose())
            #expect(site.statistics.handshakes[.plainHTTP] == 1)
            #expect(site.statistics.handshakes[.failure] == 0)
        }
    }

    @Test(
        "closes what is no TLS, and serves on",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\0\0\0\0", String(repeating: "x", count: 100_000),
            // A record of the handshake's type that is longer than one may be, and one of a version that is none.
            "\u{16}\u{3}\u{1}\u{7F}\u{7F}" + String(repeating: "a", count: 64),
            "\u{16}\u{9}\u{9}\0\u{5}hello", "\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{28}",
        ]
    )
    func garbage(_ bytes: String) throws {
        try Site.serving(.tls) { site in
            let client = try Client(site.port)
            client.sendRaw(Array(bytes.utf8))
            _ = try client.readToEnd()
            #expect(Deadline.wait { site.statistics.handshakes[.failure] == 1 })
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
            #expect(try site.client().request(Wording.echo("next")).text == "next")
        }
    }

    @Test(arguments: [1, 5, 30, 200])
    func `bears a handshake that breaks off`(length: Int) throws {
        try Site.serving(.tls) { site in
            let client = try Client(site.port)
            client.sendRaw(Array(Self.hello.prefix(length)))
            client.finishSending()
            _ = try client.readToEnd()
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
            #expect(site.statistics.handshakes[.closed] == 1 && site.statistics.handshakes[.failure] == 0)
            #expect(try site.client().request(Wording.echo("next")).text == "next")
        }
    }

    @Test(
        "closes a connection whose records are damaged later on, and answers none of them",
        arguments: [[0x17, 3, 3, 0, 32], [0x17, 3, 3, 0xFF, 0xFF], [0x80], [0x14, 3, 3, 0, 1, 1]] as [[UInt8]]
    )
    func damage(_ record: [UInt8]) throws {
        try Site.serving(.tls) { site in
            let client = try site.client()
            #expect(try client.request(Wording.echo("good")).text == "good")
            client.sendRaw(record + [UInt8](repeating: 0x41, count: 32))
            client.sendRaw([UInt8](repeating: 0x41, count: 70_000))
            _ = try? client.readToEnd()
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
            #expect(site.statistics.responses[.ok] == 1)
            #expect(try site.client().request(Wording.echo("next")).text == "next")
        }
    }

    @Test func `says why a handshake has failed`() throws {
        let reasons = Reasons()
        try Site.serving(.tls, handshakeFailed: reasons.add) { site in
            let client = try Client(site.port)
            client.sendRaw(Array("garbage that is no record".utf8))
            _ = try client.readToEnd()
            #expect(Deadline.wait { reasons.all.count == 1 })
            #expect(reasons.all.first?.hasPrefix("TLS handshake: ") == true)
        }
    }

    @Test func `is no failure's business when a probe connects and hangs up`() throws {
        let reasons = Reasons()
        try Site.serving(.tls, handshakeFailed: reasons.add) { site in
            for _ in 1...20 {
                _ = try Client(site.port)
            }
            #expect(Deadline.wait { site.statistics.handshakes[.closed] == 20 })
            #expect(site.statistics.handshakes[.failure] == 0 && reasons.all.isEmpty)
        }
    }

    /// The beginning of a ClientHello of 512 bytes.
    private static let hello: [UInt8] =
        [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + [UInt8](repeating: 7, count: 501)

    private final class Reasons: Sendable {
        private let reasons = Mutex<[String]>([])

        var all: [String] {
            reasons.withLock { $0 }
        }

        @Sendable func add(_ error: TLSError) {
            reasons.withLock { $0.append("\(error)") }
        }
    }
}
