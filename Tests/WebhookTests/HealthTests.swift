import Policy
import Sockets
import TLS
import TestSupport
import Testing

@testable import HTTP
@testable import Webhook

@Suite("The port for probes and Prometheus")
struct HealthTests {
    private func get(
        _ line: String,
        _ states: [Health.State] = [.good("yes")]
    ) throws -> Answer {
        let checks = states.enumerated().map { index, state in Health.Check("check \(index)") { state } }
        let handler = Routes.operations(Health(checks)) { Array("metric 1\n".utf8) }
        var buffer = Array("\(line) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        var parser = RequestParser(limits: Limits())
        guard case .complete(var request, _, _) = try parser.parse(&buffer) else {
            throw Trouble("no request")
        }
        request.buffer = buffer
        var response = Response()
        handler(request, &response)
        return Answer(response: response)
    }

    @Test(
        "answers what it is asked",
        arguments: [
            ("GET /livez", 200, "ok\n"), ("HEAD /livez", 200, "ok\n"), ("GET /livez?verbose", 200, "ok\n"),
            ("GET /readyz", 200, "ready\n"), ("GET /readyz?verbose", 200, "[+] check 0: yes\nready\n"),
            ("GET /readyz?verbose=1", 200, "[+] check 0: yes\nready\n"), ("GET /readyz?x", 200, "ready\n"),
            ("GET /metrics", 200, "metric 1\n"),
            ("GET /", 404, "there is /livez, /readyz and /metrics here\n"),
            ("GET /validate", 404, "there is /livez, /readyz and /metrics here\n"),
            ("POST /readyz", 405, "only GET and HEAD are answered here\n"),
        ]
    )
    func routes(_ line: String, _ status: Int, _ text: String) throws {
        let answer = try get(line)
        #expect(answer.status == status && answer.text == text)
        #expect(answer.response.contentType == (line.contains("metrics") ? .metrics : .text))
        #expect(answer.response.allow.map { "\($0)" } == (status == 405 ? "GET, HEAD" : nil))
    }

    @Test(
        "is ready unless something is bad, and then says what",
        arguments: [
            ([.good("a"), .good("b")], 200, "ready\n"),
            ([.good("a"), .doubtful("b")], 200, "ready\n"),
            ([.good("a"), .bad("b")], 503, "[+] check 0: a\n[-] check 1: b\nnot ready\n"),
            ([.doubtful("a"), .bad("b")], 503, "[!] check 0: a\n[-] check 1: b\nnot ready\n"),
            ([], 200, "ready\n"),
        ] as [([Health.State], Int, String)]
    )
    func readiness(_ states: [Health.State], _ status: Int, _ text: String) throws {
        let answer = try get("GET /readyz", states)
        #expect(answer.status == status && answer.text == text)
    }

    @Test func `is not ready from the moment that the server drains`() throws {
        let service = Service { _, _ in }
        let check = Health.Check.lifecycle(of: service)
        #expect(check.look() == .good("yes"))
        for lifecycle in [Lifecycle.draining, .refusing, .stopped] {
            service.lifecycle = lifecycle
            #expect(check.look() == .bad("draining after SIGTERM"))
        }
    }

    @Test func `says when a changed policy or certificate is not used, and is ready all the same`() throws {
        let scratch = Scratch()
        let paper = try Paper()
        try scratch.write("good", to: "policy")
        let policy = try Reloader("policy", of: [scratch["policy"]], logger: paper.logger()) { contents in
            guard contents[0] == Array("good".utf8) else { throw Trouble("line 1: bad") }
            return PolicySnapshot(Policy(), hash: "abc")
        }
        #expect(Health.Check.policy(policy).look() == .good("abc"))
        try scratch.write("bad", to: "policy")
        policy.check()
        #expect(
            Health.Check.policy(policy).look()
                == .doubtful("the changed file is not used, abc stays in force: line 1: bad")
        )

        let pair = try Certificates.shared.server
        try scratch.write(pair.certificateBytes, to: "crt")
        let files = [scratch["crt"], pair.key]
        let certificate = try Reloader("certificate", of: files, logger: paper.logger()) {
            try TLSContext(certificateChain: $0[0], privateKey: $0[1])
        }
        let until = Clock.utc(certificate.current.expires).rfc3339
        #expect(Health.Check.certificate(certificate).look() == .good("until \(until)"))
        try scratch.write("bad", to: "crt")
        certificate.check()
        #expect(
            Health.Check.certificate(certificate).look()
                == .doubtful(
                    "the change is not used, the one until \(until) is served: "
                        + "no readable PEM certificate in the certificate"
                )
        )
    }
}
