import Sockets
import TestSupport
import Testing

@testable import HTTP

@Suite("A server that goes away")
struct LifecycleTests {
    @Test(arguments: Wire.allCases)
    func `serves while it drains, and every reply ends its connection`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let old = try site.client()
            #expect(try old.request(Wording.echo("before"))["connection"] == nil)
            site.service.lifecycle = .draining
            for client in [old, try site.client()] {
                let reply = try client.request(Wording.echo("draining"))
                #expect(reply.status == 200 && reply.text == "draining" && reply["connection"] == "close")
                #expect(try client.waitForClose())
            }
        }
    }

    @Test(arguments: Wire.allCases)
    func `asks its clients to try again elsewhere after that`(wire: Wire) throws {
        try Site.serving(wire) { site in
            let old = try site.client()
            #expect(try old.request(Wording.echo("before")).status == 200)
            site.service.lifecycle = .refusing
            for client in [old, try site.client()] {
                let reply = try client.request(Wording.echo("too late"))
                #expect(reply.status == 503 && reply["retry-after"] == "1" && reply["connection"] == "close")
                #expect(reply["content-type"] == "text/plain; charset=utf-8")
                #expect(reply.text == "this server is going away; try again\n")
                #expect(try client.waitForClose())
            }
        }
    }

    @Test(arguments: Wire.allCases)
    func `finishes what it is in the middle of`(wire: Wire) throws {
        let gate = Gate()
        let handler: Handler = { request, response in
            gate.pass()
            Site.answer(request, &response)
        }
        try Site.serving(wire, patient, handler: handler) { site in
            let client = try site.client()
            try client.send(Wording.get("/zeros?n=1000000"))
            #expect(Deadline.wait { gate.arrivals == 1 })
            let server = site.server
            let stopper = try Thread(named: "stopper") { server.stop() }
            #expect(Deadline.wait { site.service.lifecycle == .stopped })
            gate.open()
            let reply = try client.reply()
            #expect(reply.status == 200 && reply.body.count == 1_000_000 && reply["connection"] == "close")
            stopper.join()
            #expect(try client.waitForClose())
        }
    }

    @Test func `closes idle connections at once, and gives a half-received request its answer`() throws {
        try Site.serving(.plain, patient) { site in
            let idle = try site.client()
            #expect(try idle.request(Wording.echo("hello")).status == 200)
            let busy = try site.client()
            try busy.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")
            #expect(Deadline.wait { site.statistics.buffered.value > 0 })
            let server = site.server
            let stopper = try Thread(named: "stopper") { server.stop() }
            #expect(try idle.waitForClose())
            let reply = try busy.request("2")
            #expect(reply.status == 503 && reply["retry-after"] == "1")
            stopper.join()
        }
    }

    private var patient: Limits {
        .watchful { $0.linger = 2_000 * Deadline.slowness * .millisecond }
    }

    @Test func `does not wait for ever for a peer that never finishes`() throws {
        try Site.serving(.plain, .watchful { $0.linger = 50 * .millisecond }) { site in
            let client = try site.client()
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")
            #expect(Deadline.wait { site.statistics.buffered.value > 0 })
            site.server.stop()
            #expect(site.statistics.connections.value == 0 && site.statistics.buffered.value == 0)
        }
    }
}
