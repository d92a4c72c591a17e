import Sockets
import TestSupport
import Testing

@Suite("patless serve, in a crowd")
struct CrowdTests {
    /// Whether this process may open so many descriptors; it has the clients' ends, the server its own.
    private static func mayOpen(_ count: Int) -> Bool {
        // A sanitizer needs memory of its own for each of them.
        guard Deadline.slowness == 1 else { return false }
        ProcessStatus.raiseDescriptorLimit()
        return (ProcessStatus()?.maxDescriptors ?? 0) >= count
    }

    @Test(
        .enabled(
            if: CrowdTests.mayOpen(12_500),
            "10,000 connections need more descriptors than may be open here"
        )
    )
    func `holds 10,000 connections that say nothing, at little cost, and serves on`() throws {
        let serving = try Serving(["--workers", "2"])
        let client = try serving.client()
        #expect(try client.request(Serving.post("repository-keyless")).status == 200)
        let before = try serving.program.residentBytes
        var silent: [Client] = []
        while silent.count < 10_000 {
            // No more at once than the listener's queue takes.
            silent += try (0..<500).map { _ in try Client(serving.port) }
            #expect(try Deadline.wait { try connections(of: serving) > silent.count })
        }
        let growth = try serving.program.residentBytes - before
        #expect(growth < 10_000 * 1_024, "\(growth / 10_000) bytes each")
        #expect(try client.request(Serving.post("repository-keyless")).status == 200)
        #expect(try serving.client().request(Serving.post("repository-with-pat")).status == 200)
        #expect(silent.count == 10_000)
    }

    @Test(.enabled(if: CrowdTests.mayOpen(2_500)))
    func `holds 2,000 idle TLS connections that were served, at little cost, and serves on`() throws {
        let serving = try Serving(["--workers", "2"])
        let request = try Serving.post("update-keyless")
        #expect(try serving.client().request(request).status == 200)
        let before = try serving.program.residentBytes
        let idle = try (0..<2_000).map { _ in
            let client = try serving.client()
            _ = try client.request(request)
            return client
        }
        #expect(try connections(of: serving) == 2_000)
        let growth = try serving.program.residentBytes - before
        #expect(growth < 2_000 * 24_576, "\(growth / 2_000) bytes each")
        #expect(try idle[0].request(request).status == 200)
        #expect(try idle[1_999].request(request).status == 200)
    }

    /// With one limit or another a newcomer gets the last descriptor.
    @Test("makes room when descriptors run out, and gets over it", arguments: 50...59)
    func fewDescriptors(most: Int) throws {
        let limit = ["sh", "-c", #"ulimit -n \#(most) && exec "$0" "$@""#]
        let serving = try Serving(prefix: limit)
        let served = try serving.client()
        #expect(try served.request(Serving.post("repository-keyless")).status == 200)
        var crowd = try (0..<100).map { _ in try Client(serving.port) }
        // Others say nothing, so this one is let in.
        for _ in 1...10 {
            #expect(try serving.client().request(Serving.post("repository-with-pat")).status == 200)
        }
        #expect(try served.request(Serving.post("repository-keyless")).status == 200)
        crowd = []
        #expect(try Deadline.wait { try connections(of: serving) < 10 })
        #expect(try serving.client().request(Serving.post("repository-with-pat")).status == 200)
        #expect(try serving.ask("/readyz").status == 200 && crowd.isEmpty && !serving.program.hasEnded)
    }

    private func connections(of serving: Serving) throws -> Int {
        let lines = try serving.ask("/metrics").text.split(separator: "\n")
        let line = lines.first { $0.hasPrefix("patless_connections ") }
        return line.flatMap { Int($0.dropFirst("patless_connections ".count)) } ?? -1
    }
}
