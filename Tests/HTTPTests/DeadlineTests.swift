import Sockets
import TestSupport
import Testing

@testable import HTTP

@Suite("Time")
struct DeadlineTests {
    /// A time in which a client shakes hands and asks something, in milliseconds.
    private static let moment = Deadline.slowness == 1 ? 1_000 : 4_000

    @Test(
        "is up for a request that does not arrive whole, and its sender is told",
        arguments: Wire.allCases,
        [
            "G", "POST /echo HTTP/1.1\r\nHost: x\r\nConte",
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345678",
        ]
    )
    func slowSender(_ wire: Wire, _ beginning: String) throws {
        let limits = Limits.watchful {
            $0.head = 50 * .millisecond
            $0.body = 100 * .millisecond
        }
        try Site.serving(wire, limits) { site in
            let client = try site.client()
            let reply = try client.request(beginning)
            #expect(reply.status == 408 && reply["connection"] == "close")
            #expect(reply.text == "the request did not arrive in time\n")
            #expect(try client.waitForClose())
            #expect(try site.client().request(Wording.echo("next")).text == "next")
        }
    }

    @Test func `counts from the first byte of a request, so that no trickle keeps it alive`() throws {
        let limits = Limits.watchful { $0.head = 100 * .millisecond }
        try Site.serving(.plain, limits) { site in
            let client = try site.client()
            let began = Clock.monotonic
            try client.send("GET / HTTP/1.1\r\nA: ")
            let isEnded = Deadline.wait {
                _ = client.trySend([0x61])
                return site.statistics.responses[.requestTimeout] == 1
            }
            #expect(isEnded && Clock.monotonic - began >= 100 * .millisecond)
            #expect(try client.reply().status == 408)
        }
    }

    @Test(
        "is up for a handshake that stands still",
        arguments: [[], [0x16], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]] as [[UInt8]]
    )
    func slowHandshake(_ beginning: [UInt8]) throws {
        try Site.serving(.tls, .watchful { $0.handshake = Self.moment / 2 * .millisecond }) { site in
            let client = try Client(site.port)
            client.sendRaw(beginning)
            #expect(try client.waitForClose())
            #expect(site.statistics.handshakes[.timeout] == 1)
            #expect(try site.client().request(Wording.echo("next")).text == "next")
        }
    }

    @Test(arguments: Wire.allCases)
    func `of other limits does not count between requests`(wire: Wire) throws {
        let limits = Limits.watchful {
            $0.handshake = Self.moment * .millisecond
            $0.head = 20 * .millisecond
            $0.body = 20 * .millisecond
            $0.write = 20 * .millisecond
            $0.linger = 20 * .millisecond
        }
        try Site.serving(wire, limits) { site in
            let client = try site.client()
            #expect(try client.request(Wording.echo("before")).text == "before")
            // That nothing happens can only be seen by letting time pass.
            Clock.sleep(milliseconds: Self.moment + 100)
            #expect(try client.request(Wording.echo("after")).text == "after")
        }
    }

    @Test(arguments: Wire.allCases)
    func `is up for an idle connection when it was idle for long enough`(wire: Wire) throws {
        try Site.serving(wire, .watchful { $0.idle = 1_000 * .millisecond }) { site in
            let began = Clock.monotonic
            let client = try site.client()
            #expect(try client.request(Wording.echo("hello")).text == "hello")
            #expect(try client.waitForClose())
            #expect(Clock.monotonic - began >= 1_000 * .millisecond)
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
        }
    }

    @Test(arguments: Wire.allCases)
    func `makes a connection old, which ends it by a reply and never without one`(wire: Wire) throws {
        try Site.serving(wire, .watchful { $0.age = Self.moment * .millisecond }) { site in
            let client = try site.client()
            #expect(try client.request(Wording.echo("young"))["connection"] == nil)
            Clock.sleep(milliseconds: Self.moment + 100)
            #expect(site.statistics.connections.value == 1)
            let reply = try client.request(Wording.echo("old"))
            #expect(reply.text == "old" && reply["connection"] == "close")
            #expect(try client.waitForClose())
        }
    }

    @Test(arguments: Wire.allCases)
    func `is up for a reader that takes nothing`(wire: Wire) throws {
        try Site.serving(wire, .watchful { $0.write = 50 * .millisecond }) { site in
            let client = try site.client(receiveBuffer: 4_096)
            try client.send(Wording.get("/zeros?n=\(16 << 20)"))
            #expect(Deadline.wait { site.statistics.responses[.ok] == 1 })
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
        }
    }

    @Test(arguments: Wire.allCases)
    func `is up for a client that keeps a closed connection open`(wire: Wire) throws {
        try Site.serving(wire, .watchful { $0.linger = 50 * .millisecond }) { site in
            let client = try site.client()
            #expect(try client.request("GET / HTTP/1.0\r\n\r\n").status == 404)
            #expect(Deadline.wait { site.statistics.connections.value == 0 })
        }
    }
}
