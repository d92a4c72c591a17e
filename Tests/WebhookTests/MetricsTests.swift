import Policy
import Sockets
import TLS
import TestSupport
import Testing

@testable import HTTP
@testable import Webhook

@Suite("Metrics")
struct MetricsTests {
    /// The page after some requests, with everything on it.
    private func page() throws -> (text: String, desk: Desk) {
        var policy = Desk.identities
        policy.exemptions = [
            Exemption(
                rules: [.secretRef],
                namespaces: ["legacy"],
                names: ["*"],
                reason: "a \"quoted\" back\\slash\nand a line",
                owner: "téam",
                expires: Day(number: 20_000)
            )
        ]
        let desk = try Desk(policy)
        for name in [
            "repository-with-pat", "repository-with-token-in-url", "repository-keyless", "update-adds-pat",
        ] {
            _ = try desk.post(Fixture.review(name))
        }
        _ = try desk.post(Fixture.review("service-account"), to: "/mutate")
        let service = Service(handler: desk.handler)
        service.statistics.responses.add(.ok)
        service.statistics.handshakes.add(.success)
        let pair = try Certificates.shared.server
        let snapshot = PolicySnapshot(policy, hash: Digest.sha256([]))
        let page = MetricsPage(
            metrics: desk.metrics,
            statistics: service.statistics,
            policy: try Reloader("policy", of: [], logger: desk.paper.logger()) { _ in snapshot },
            certificate: try Reloader(
                "certificate",
                of: [pair.certificate, pair.key],
                logger: desk.paper.logger()
            ) {
                try TLSContext(certificateChain: $0[0], privateKey: $0[1])
            },
            trails: [desk.trail],
            writer: desk.paper.writer,
            version: "1.2.3"
        )
        return (String(decoding: page.render(), as: UTF8.self), desk)
    }

    @Test func `are a page that promtool finds no fault with`() throws {
        guard try Program.run(["sh", "-c", "command -v promtool"]).status == 0 else {
            let hint = "promtool is not here: it is in Debian's package prometheus"
            if EnvironmentVariable.value("CI") == "true" {
                Issue.record(Comment(rawValue: hint))
            }
            return
        }
        let outcome = try Program.run(["promtool", "check", "metrics"], input: try page().text)
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "count decisions, findings, responses and handshakes",
        arguments: [
            #"patless_admission_requests_total{webhook="validate",operation="CREATE",decision="deny"} 2"#,
            #"patless_admission_requests_total{webhook="validate",operation="CREATE",decision="allow"} 1"#,
            #"patless_admission_requests_total{webhook="validate",operation="UPDATE",decision="deny"} 1"#,
            #"patless_admission_requests_total{webhook="mutate",operation="CREATE",decision="patch"} 1"#,
            #"patless_findings_total{rule="secret-ref",mode="deny"} 2"#,
            #"patless_findings_total{rule="url-credentials",mode="deny"} 1"#,
            #"patless_admission_duration_seconds_bucket{webhook="validate",le="+Inf"} 4"#,
            #"patless_admission_duration_seconds_count{webhook="validate"} 4"#,
            #"patless_admission_duration_seconds_count{webhook="mutate"} 1"#,
            #"patless_http_responses_total{code="200"} 1"#,
            "patless_connections 0",
            #"patless_tls_handshakes_total{result="success"} 1"#,
            #"patless_tls_handshakes_total{result="plain_http"} 0"#,
            #"patless_policy_reloads_total{result="success"} 0"#,
            #"patless_policy_reloads_total{result="failure"} 0"#,
            #"patless_policy_info{hash="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"} 1"#,
            #"patless_build_info{version="1.2.3"} 1"#,
            "patless_log_dropped_total 0",
            #"patless_audit_dropped_total{trail="paper",reason="disk_full"} 0"#,
            // The day after the last one.
            #"patless_exemption_expiry_timestamp_seconds{exemption="0",owner="téam","#
                + #"reason="a \"quoted\" back\\slash\nand a line"} 1728086400"#,
        ]
    )
    func samples(_ line: String) throws {
        let lines = try page().text.split(separator: "\n")
        #expect(lines.contains { $0 == line })
    }

    @Test(arguments: [
        "patless_certificate_expiry_timestamp_seconds", "patless_certificate_reloads_total",
        "process_cpu_seconds_total",
        "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds",
        "process_max_fds",
        "process_start_time_seconds",
    ])
    func `tell of certificate and process`(name: String) throws {
        let text = try page().text
        #expect(text.contains("# HELP \(name) ") && text.contains("# TYPE \(name) "))
        let samples = text.split(separator: "\n").filter {
            $0.hasPrefix("\(name) ") || $0.hasPrefix("\(name){")
        }
        #expect(samples.allSatisfy { Double($0.split(separator: " ").last ?? "").map { $0 >= 0 } == true })
        #expect(!samples.isEmpty)
    }

    @Test func `have no label that a user could make up`() throws {
        let (text, _) = try page()
        for word in ["shop", "alice", "source-controller", "flux-system", "dev.azure.com"] {
            #expect(!text.contains(word))
        }
    }

    @Test func `put a duration into every bucket that it fits`() {
        let histogram = Histogram()
        for nanoseconds in [0, 50_000, 50_001, 2_499_999, 2_500_000_000, 2_500_000_001, 60_000_000_000] {
            histogram.observe(nanoseconds)
        }
        let snapshot = histogram.snapshot
        #expect(snapshot.cumulative == [2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5])
        #expect(
            snapshot.count == 7
                && snapshot.nanoseconds == 65_002_600_001
        )
        #expect(Histogram.bounds == Histogram.bounds.sorted() && Histogram.bounds.first == 50_000)
    }
}
