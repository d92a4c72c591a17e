import TestSupport
import Testing

@testable import HTTP

@Suite("An exchange over a socket")
struct ExchangeTests {
    @Test(arguments: Wire.allCases)
    func `goes on for as many requests as a client likes`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            for number in 1...200 {
                let reply = try client.request(Wording.echo("request \(number)"))
                #expect(reply.status == 200 && reply.text == "request \(number)")
                #expect(reply["connection"] == nil)
            }
            #expect(site.statistics.connections.value == 1)
            #expect(site.statistics.responses[.ok] == 200)
        }
    }

    @Test(arguments: Wire.allCases)
    func `answers in the order of the requests when they come all at once`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            let bodies = (1...300).map { String(repeating: "\($0) ", count: $0) }
            try client.send(bodies.map(Wording.echo).joined())
            for body in bodies {
                #expect(try client.reply().text == body)
            }
        }
    }

    @Test(arguments: Wire.allCases)
    func `bears a client that sends a byte at a time`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            for byte in (Wording.echo("slowly") + Wording.echo("again")).utf8 {
                try client.send([byte])
            }
            #expect(try client.reply().text == "slowly")
            #expect(try client.reply().text == "again")
        }
    }

    @Test(arguments: Wire.allCases)
    func `answers a client that has said it will send no more`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            try client.send(Wording.echo("last") + Wording.echo("words"))
            client.finishSending()
            #expect(try client.reply().text == "last")
            #expect(try client.reply().text == "words")
            #expect(try client.waitForClose())
        }
    }

    @Test(arguments: Wire.allCases)
    func `sends a long reply as its reader takes it, and serves others meanwhile`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let slow = try site.client(receiveBuffer: 4_096)
            let size = (16 << 20) / Deadline.slowness
            try slow.send(Wording.get("/zeros?n=\(size)") + Wording.echo("next"))
            let other = try site.client()
            for _ in 1...20 {
                #expect(try other.request(Wording.echo("quick")).text == "quick")
            }
            let reply = try slow.reply()
            #expect(reply.body.count == size && reply.body.allSatisfy { $0 == UInt8(ascii: "0") })
            #expect(try slow.reply().text == "next")
        }
    }

    @Test(arguments: Wire.allCases)
    func `takes a body of 7 MiB, by length and in chunks`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            let body = String(repeating: "7 bytes", count: 1 << 20)
            #expect(try client.request(Wording.echo(body)).text == body)
            let half = String(body.prefix(body.utf8.count / 2))
            let size = String(half.utf8.count, radix: 16)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            try client.send("\(size)\r\n\(half)\r\n\(size);x=y\r\n\(half)\r\n0\r\nA: b\r\n\r\n")
            #expect(try client.reply().text == body)
            #expect(Deadline.wait { site.statistics.buffered.value == 0 })
        }
    }

    @Test(arguments: Wire.allCases)
    func `asks for the body of a client that waits to be asked`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            for _ in 1...2 {
                try client.send(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
                )
                #expect(try client.reply().status == 100)
                #expect(try client.request("hello").text == "hello")
            }
        }
    }

    @Test(
        "lets the client read why its body is refused, though it goes on sending",
        arguments: Wire.allCases,
        ["Content-Length: 8388608\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n800000\r\n"]
    )
    func tooLarge(_ wire: Wire, _ framing: String) throws {
        try Site.serving(wire, .watchful { $0.linger = 20_000 * .millisecond }) { site in
            let client = try site.client()
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\n\(framing)")
            #expect(client.trySend([UInt8](repeating: 0x30, count: 8 << 20)))
            let reply = try client.reply()
            #expect(reply.status == 413 && reply["connection"] == "close")
            #expect(reply.text == "the body is larger than 7340032 bytes\n")
            #expect(try client.waitForClose())
        }
    }

    @Test(arguments: Wire.allCases)
    func `ends with a request that is refused, and what follows it is not read`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let client = try site.client()
            try client.send(Wording.echo("good") + "GET / HTTP/1.1\r\n\r\n" + Wording.echo("smuggled"))
            #expect(try client.reply().text == "good")
            let refusal = try client.reply()
            #expect(refusal.status == 400 && refusal["connection"] == "close")
            #expect(refusal["content-type"] == "text/plain; charset=utf-8")
            #expect(refusal.text == "there must be one Host field\n")
            #expect(try client.waitForClose())
        }
    }

    @Test func `ends when the client says so, and says so itself`() throws {
        try Site.serving { site in
            let client = try site.client()
            let reply = try client.request("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(reply.status == 200 && reply["connection"] == "close")
            #expect(try client.waitForClose())
        }
    }

    @Test func `has no body in a reply to HEAD, but says how long it would be`() throws {
        try Site.serving { site in
            let client = try site.client()
            try client.send("HEAD /zeros?n=9 HTTP/1.1\r\nHost: x\r\n\r\n" + Wording.echo("next"))
            #expect(try client.reply(omitsBody: true)["content-length"] == "9")
            #expect(try client.reply().text == "next")
        }
    }

    @Test func `dates a reply as RFC 9110 wants it`() throws {
        try Site.serving { site in
            let date = try site.client().request(Wording.get("/echo"))["date"] ?? ""
            #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil)
        }
        var date = HTTPDate()
        date.update(to: 784_111_777)
        #expect(String(decoding: date.bytes, as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
