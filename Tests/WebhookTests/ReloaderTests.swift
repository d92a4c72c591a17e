import Policy
import Sockets
import TLS
import TestSupport
import Testing

@testable import HTTP
@testable import Webhook

@Suite("Files that change while they are in use")
struct ReloaderTests {
    private struct Unusable: Error, CustomStringConvertible {
        let description = "it says bad"
    }

    private let scratch = Scratch()
    private let paper: Paper

    init() throws {
        paper = try Paper()
    }

    /// A value of two files: their texts; one that says bad makes none.
    private func reloader() throws -> Reloader<String> {
        try scratch.write("one", to: "a")
        try scratch.write("two", to: "b")
        return try Reloader("thing", of: [scratch["a"], scratch["b"]], logger: paper.logger()) { contents in
            let text = contents.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            guard !text.contains("bad") else { throw Unusable() }
            return text
        }
    }

    @Test func `make a new value`() throws {
        let reloader = try reloader()
        #expect(reloader.current == "one two")
        try scratch.write("zwei", to: "b")
        reloader.check()
        #expect(reloader.current == "one zwei" && reloader.failure == nil)
        #expect(reloader.changes[.success] == 1 && reloader.changes[.failure] == 0)
        let lines = try paper.read()
        #expect(lines.count == 1 && lines[0].contains("the thing has changed and is in use"))
    }

    @Test func `are not read into a new value when nothing has changed`() throws {
        let reloader = try reloader()
        try scratch.write("one", to: "a")
        reloader.check()
        reloader.check()
        #expect(reloader.changes[.success] == 0 && reloader.changes[.failure] == 0)
        #expect(try paper.read().isEmpty)
    }

    @Test func `leave the old value in use when they make none, and it is said once why`() throws {
        let reloader = try reloader()
        try scratch.write("bad", to: "a")
        for _ in 1...3 {
            reloader.check()
        }
        #expect(reloader.current == "one two" && reloader.failure == "it says bad")
        #expect(reloader.changes[.failure] == 1)
        let lines = try paper.read()
        #expect(lines.count == 1 && lines[0].contains("the changed thing is not used; the one before stays"))
        #expect(lines[0].contains(#""level":"error""#) && lines[0].contains(#""reason":"it says bad""#))
        try scratch.write("good", to: "a")
        reloader.check()
        #expect(reloader.current == "good two" && reloader.failure == nil && reloader.changes[.success] == 1)
    }

    @Test func `leave the old value in use when one of them is gone`() throws {
        let reloader = try reloader()
        try scratch.remove("b")
        for _ in 1...3 {
            reloader.check()
        }
        #expect(reloader.current == "one two" && reloader.changes[.failure] == 1)
        #expect(reloader.failure == "open \(scratch["b"]): No such file or directory")
        try scratch.write("two", to: "b")
        reloader.check()
        #expect(reloader.current == "one two" && reloader.failure == nil && reloader.changes[.success] == 1)
    }

    @Test func `must be usable at the start`() throws {
        try scratch.write("bad", to: "a")
        #expect(throws: Unusable.self) {
            _ = try Reloader("thing", of: [scratch["a"]], logger: paper.logger()) { _ -> Int in
                throw Unusable()
            }
        }
        #expect(throws: SystemError.self) {
            _ = try Reloader("thing", of: [scratch["c"]], logger: paper.logger()) { _ in 1 }
        }
    }

    @Test func `may be a certificate, which changes without a connection lost`() throws {
        let certificates = try Certificates.shared
        func write(_ pair: Certificates.Pair) throws {
            try scratch.write(pair.certificateBytes, to: "crt")
            try scratch.write(pair.keyBytes, to: "key")
        }
        try write(certificates.server)
        let reloader = try Reloader(
            "certificate",
            of: [scratch["crt"], scratch["key"]],
            logger: paper.logger()
        ) {
            try TLSContext(certificateChain: $0[0], privateKey: $0[1])
        }
        let handler: Handler = { _, response in response.body.append(contentsOf: "ok".utf8) }
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let service = Service(context: { reloader.current }, handler: handler)
        let server = try Server(at: address, workers: 1, service: service)
        try server.start(named: "test")
        defer { server.stop() }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let old = try Client(server.port, tls: .trusting)
        #expect(try old.request(request).text == "ok" && old.serverName == "server one")

        // Between the two writes of a rotation, key and certificate do not belong together.
        try scratch.write(certificates.nextServer.certificateBytes, to: "crt")
        reloader.check()
        #expect(reloader.failure == "the private key does not belong to the certificate")
        #expect(try Client(server.port, tls: .trusting).serverName == "server one")

        try write(certificates.nextServer)
        reloader.check()
        #expect(reloader.failure == nil)
        let new = try Client(server.port, tls: .trusting)
        #expect(try new.request(request).text == "ok" && new.serverName == "server two")
        #expect(try old.request(request).text == "ok" && old.serverName == "server one")
    }
}
