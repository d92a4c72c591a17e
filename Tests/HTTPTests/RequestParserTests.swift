import Testing

@testable import HTTP

@Suite("The bytes of a connection")
struct RequestParserTests {
    @Test(arguments: Message.all)
    func `are requests or are refused`(message: Message) {
        #expect(Reading(message.text) == message.expected)
    }

    @Test(arguments: Message.all.filter { $0.text.utf8.count < 1_000 })
    func `mean the same wherever they are split`(message: Message) {
        let bytes = Array(message.text.utf8)
        #expect(Reading(byteByByte: bytes) == message.expected)
        let wrong = bytes.indices.filter { Reading([bytes[..<$0], bytes[$0...]]) != message.expected }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: Message.overLimits)
    func `are held to the limits in whatever portions they come`(message: Message) {
        let bytes = Array(message.text.utf8)
        for size in [1_000, 16 << 10] {
            let portions = stride(from: 0, to: bytes.count, by: size).map {
                bytes[$0..<min($0 + size, bytes.count)]
            }
            #expect(Reading(portions) == message.expected)
        }
    }

    @Test func `keep what a request is made of where it was received`() throws {
        var buffer = Array(
            "POST /v?timeout=3s&x HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}"
                .utf8
        )
        var parser = RequestParser(limits: Limits())
        guard case .complete(var request, let keepsAlive, let end) = try parser.parse(&buffer) else {
            Issue.record("the request is complete")
            return
        }
        request.buffer = buffer
        #expect(request.method == .post && keepsAlive && end == buffer.count)
        #expect(request.has("/v", at: request.path) && request.has("{}", at: request.body))
        #expect(request.has("a/b", at: request.contentType) && request.hasContentType("a/b"))
        #expect(request.parameter("timeout").map(Array.init) == Array("3s".utf8))
        #expect(request.parameter("x")?.isEmpty == true && request.parameter("time") == nil)
    }

    @Test func `put a body of many small chunks together in its own room`() throws {
        let piece = Array("1\r\nx\r\n".utf8)
        var buffer = Array("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let head = buffer.count
        var parser = RequestParser(limits: Limits())
        for count in 1...10_000 {
            buffer += piece
            guard case .incomplete = try parser.parse(&buffer), buffer.count == head + count else {
                Issue.record("after \(count) chunks the buffer has \(buffer.count) bytes")
                return
            }
        }
        buffer += Array("0\r\n\r\n".utf8)
        guard case .complete(let request, _, _) = try parser.parse(&buffer) else {
            Issue.record("the body is complete")
            return
        }
        #expect(request.body == head..<head + 10_000)
        #expect(buffer[request.body].allSatisfy { $0 == UInt8(ascii: "x") })
    }

    @Test(
        "ask for a body once, when the peer waits to be asked",
        arguments: [
            ("HTTP/1.1", "Content-Length: 2\r\nExpect: 100-continue\r\n", "{}", 1),
            ("HTTP/1.1", "Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n", "2\r\n{}\r\n0\r\n\r\n", 1),
            ("HTTP/1.1", "Content-Length: 2\r\n", "{}", 0),
            // RFC 9110, 10.1.1: of HTTP/1.0 the expectation is ignored.
            ("HTTP/1.0", "Content-Length: 2\r\nExpect: 100-continue\r\n", "{}", 0),
        ]
    )
    func expectation(_ version: String, _ fields: String, _ body: String, _ continues: Int) {
        let head = Array("POST /v \(version)\r\nHost: x\r\n\(fields)\r\n".utf8)
        let waiting = Reading([head, Array(body.utf8)])
        #expect(waiting.requests == ["POST /v {}"])
        #expect(waiting.continues == continues)
        // It did not wait: what is there needs no asking for.
        #expect(Reading([head + Array(body.utf8)]).continues == 0)
    }

    @Test func `ask for no body that is none or that would be too large`() {
        let head = "POST /v HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        #expect(Reading(head + "\r\n").continues == 0)
        #expect(Reading(head + "Content-Length: 0\r\n\r\n").requests == ["POST /v "])
        let large = Reading(head + "Content-Length: 99999999\r\n\r\n")
        #expect(large == Reading([], .refused(.contentTooLarge)) && large.continues == 0)
    }
}
