import Glibc
import Sockets
import TestSupport
import Testing

@testable import HTTP

@Suite("Many connections")
struct CrowdTests {
    @Test(arguments: [1, 2, 3])
    func `are spread evenly, also when they are few`(each: Int) throws {
        let workers = 4
        try Site.serving(workers: workers) { site in
            let clients = try (0..<workers * each).map { _ in try site.client() }
            let threads = try clients.map { try $0.request(Wording.get("/thread")).text }
            let counts = Dictionary(grouping: threads) { $0 }.values.map(\.count)
            #expect(counts == Array(repeating: each, count: workers))
        }
    }

    @Test func `are idle at little cost, and the server serves on`() throws {
        ProcessStatus.raiseDescriptorLimit()
        try Site.serving(.tls, workers: 2) { site in
            let idle = try (0..<2_000).map { _ in try site.client() }
            #expect(Deadline.wait { site.statistics.connections.value == 2_000 })
            for client in [idle[0], idle[1_999], try site.client()] {
                #expect(try client.request(Wording.echo("here")).text == "here")
            }
            #expect(site.statistics.buffered.value == 0)
        }
    }

    @Test(arguments: Wire.allCases)
    func `hold no more than the limit, and the oldest incomplete request gives way`(wire: Wire) throws {
        let limits = Limits.watchful { $0.bufferedBytes = 1 << 20 }
        try Site.serving(wire, limits) { site in
            let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n"
            let body = [UInt8](repeating: 0x30, count: 599_999)
            let first = try site.client()
            try first.send(head)
            try first.send(body)
            #expect(Deadline.wait { site.statistics.buffered.value > body.count })
            let second = try site.client()
            try second.send(head)
            #expect(second.trySend(body))
            let reply = try first.reply()
            #expect(reply.status == 503 && reply["retry-after"] == "1" && reply["connection"] == "close")
            #expect(reply.text == "too much is being received at once; try again\n")
            // Whoever is small, and whoever is new, does not suffer.
            #expect(try site.client().request(Wording.echo("small")).text == "small")
            #expect(try second.request("0").body.count == 600_000)
            #expect(Deadline.wait { site.statistics.buffered.value == 0 })
        }
    }

    @Test func `are held to the limit by closing one that never asked anything`() throws {
        try Site.serving(.plain, .watchful { $0.connections = 3 }) { site in
            let served = try site.client()
            #expect(try served.request(Wording.echo("1")).status == 200)
            let silent = try site.client()
            #expect(Deadline.wait { site.statistics.connections.value == 2 })
            let other = try site.client()
            #expect(try other.request(Wording.echo("2")).status == 200)
            let newcomer = try site.client()
            #expect(try newcomer.request(Wording.echo("3")).status == 200)
            #expect(try silent.waitForClose())
            for client in [served, other, newcomer] {
                #expect(try client.request(Wording.echo("still here")).status == 200)
            }
        }
    }

    @Test func `are held to the limit by closing the one idle longest, when all have been served`() throws {
        try Site.serving(.plain, .watchful { $0.connections = 3 }) { site in
            let clients = try (0..<3).map { _ in try site.client() }
            for client in clients + [clients[0]] {
                #expect(try client.request(Wording.echo("served")).status == 200)
            }
            let newcomer = try site.client()
            #expect(try newcomer.request(Wording.echo("new")).text == "new")
            #expect(try clients[1].waitForClose())
            for client in [clients[0], clients[2], newcomer] {
                #expect(try client.request(Wording.echo("still here")).status == 200)
            }
        }
    }

    @Test func `are held to the limit also when they come all at once`() throws {
        let gate = Gate()
        let handler: Handler = { request, response in
            gate.pass()
            Site.answer(request, &response)
        }
        try Site.serving(.plain, .watchful { $0.connections = 8 }, handler: handler) { site in
            let busy = try site.client()
            try busy.send(Wording.echo("busy"))
            #expect(Deadline.wait { gate.arrivals == 1 })
            // While its worker is busy, they can only pile up before it.
            let crowd = try (0..<100).map { _ in try site.client() }
            let last = try site.client()
            gate.open()
            #expect(try busy.reply().text == "busy")
            #expect(Deadline.wait { site.statistics.connections.value <= 8 })
            #expect(try last.request(Wording.echo("last")).text == "last")
            #expect(try crowd.first?.waitForClose() == true)
        }
    }
}
