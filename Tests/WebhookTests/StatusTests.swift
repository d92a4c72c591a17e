import HTTP
import Policy
import StatusPage
import Testing

@testable import Webhook

@Suite("The status port")
struct StatusTests {
    private func ask(_ head: String) throws -> Answer {
        let handler = Routes.status { Array("<p>page".utf8) }
        return try Desk.ask(handler, Array("\(head)\r\n\r\n".utf8))
    }

    @Test(arguments: [
        "localhost", "LocalHost:1", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8081", "localhost:",
    ])
    func `answers to the names that port-forward offers`(host: String) throws {
        let answer = try ask("GET / HTTP/1.1\r\nHost: \(host)")
        #expect(answer.status == 200 && answer.text == "<p>page" && answer.response.contentType == .html)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8081", "localhost.evil.example", "localhost@evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2", "[::1", "::1", "[::1]x:8081", "localhost:80x", "10.0.0.1:8081", "patless.patless.svc",
        "",
    ])
    func `answers to no other name, for it may have been made to point here`(host: String) throws {
        let answer = try ask("GET / HTTP/1.1\r\nHost: \(host)")
        #expect(answer.status == 421 && !answer.text.contains("page>") && answer.text.contains("[::1]"))
    }

    @Test func `answers to nobody who names none`() throws {
        #expect(try ask("GET / HTTP/1.0").status == 421)
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nContent-Length: 0", "PUT / HTTP/1.1", "OPTIONS / HTTP/1.1", "DELETE / HTTP/1.1",
    ])
    func `can only be read`(line: String) throws {
        let answer = try ask("\(line)\r\nHost: localhost")
        #expect(answer.status == 405 && answer.response.allow?.description == "GET, HEAD")
        #expect(try ask("HEAD / HTTP/1.1\r\nHost: localhost").status == 200)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: localhost", "GET /no HTTP/1.1\r\nHost: localhost",
        "GET / HTTP/1.1\r\nHost: x",
    ])
    func `tells the browser with every answer what no page may do with it`(head: String) throws {
        let fields = try ask(head).response.fields.map { "\($0.name): \($0.value)" }
        for field in [
            "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
            "Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store",
        ] {
            #expect(fields.contains(field))
        }
        #expect(fields.contains { $0.hasPrefix("Content-Security-Policy: default-src 'none'; ") })
        #expect(!fields.contains { $0.hasPrefix("Access-Control") })
    }

    @Test func `remembers minute by minute what was counted`() throws {
        let desk = try Desk()
        _ = try desk.post(Fixture.review("repository-keyless"))
        let history = TrafficHistory(desk.metrics)
        _ = try desk.post(Fixture.review("repository-with-pat"))
        history.turn()
        _ = try desk.post(Fixture.review("repository-keyless"))
        _ = try desk.post(Fixture.review("service-account"), to: "/mutate")
        let minutes = history.minutes
        #expect(minutes.count == 2)
        #expect(minutes[0].decisions[.deny] == 1 && minutes[0].decisions[.allow] == 0)
        #expect(minutes[1].decisions[.deny] == 0 && minutes[1].decisions[.allow] == 2)
        #expect(minutes[1].p99 ?? 0 >= minutes[1].p50 ?? .max)
        for _ in 0..<200 {
            history.turn()
        }
        #expect(history.minutes.count == 60)
        #expect(history.minutes.allSatisfy { $0.p50 == nil && $0.decisions[.allow] == 0 })
    }

    @Test func `tells how long a share of requests took by their buckets`() {
        let histogram = Histogram()
        #expect(Histogram.quantile(0.5, of: histogram.counts) == nil)
        for _ in 0..<98 {
            histogram.observe(10_000)
        }
        histogram.observe(200_000)
        histogram.observe(60_000_000_000)
        #expect(Histogram.quantile(0.49, of: histogram.counts) == 25_000)
        #expect(Histogram.quantile(0.99, of: histogram.counts) == 250_000)
        #expect(Histogram.quantile(1, of: histogram.counts) == 2_500_000_000)
    }
}
