import Audit
import Markup
import Policy
import Testing

@testable import StatusPage

@Suite("The status page")
struct PageTests {
    private func text(_ overview: Overview) -> String {
        String(decoding: Page.render(overview), as: UTF8.self)
    }

    @Test func `tells all that the replica knows`() {
        let page = text(Sample.full)
        for words in [
            "<td><span class=\"mode off\">off</span></td>", "<b>1,187</b> of <b>1,240 objects</b> comply",
            "<dd>95 %</dd>", "<dd>1 of 2</dd>", "41", "1 of 1 pods are older than the identity", "ended",
            "40 days",
            "2,112 requests in the last hour, 42 refused; 100 in the busiest minute.",
            "until 2027-01-20 08:00 UTC",
            "up for 3 days", "It leads: ", "patless-6d4f9c-x7k2p", "patless 1.2.3",
            "policy <code>0123456789ab</code>",
        ] {
            #expect(page.contains(words), "\(words) is missing")
        }
    }

    @Test func `tells what it does not know`() {
        let page = text(Sample.quiet)
        for words in [
            "Nothing was refused since", "No request in the last hour.", "No scan", "The policy names none",
        ] {
            #expect(page.contains(words), "\(words) is missing")
        }
    }

    @Test func `says in whose hands identities are`() {
        var overview = Sample.full
        overview.identities = .elsewhere
        #expect(text(overview).contains("Another replica looks after them"))
        overview.identities = .unattended
        #expect(text(overview).contains("nobody looks whether they are ready"))
    }

    @Test func `holds no markup that it was given, wherever that was`() {
        let evil = "<script>evil</script>\"'"
        var overview = Sample.full
        overview.replica = evil
        overview.version = evil
        overview.policyHash = evil
        overview.policyFailure = evil
        overview.certificate.failure = evil
        overview.certificate.problems = [evil]
        overview.policy.exemptions = [
            Exemption(
                rules: [.secretRef],
                namespaces: [evil],
                names: [evil],
                reason: evil,
                owner: evil,
                expires: Day(number: Day(at: Sample.now).number + 1)
            )
        ]
        var identity = Sample.identity(evil)
        identity.deployment = evil
        overview.identities = .known([(identity, evil)])
        overview.compliance = ComplianceSummary(
            time: Sample.now,
            objects: 1,
            compliant: 0,
            shortfalls: [.init(rule: .secretRef, namespace: evil, objects: 1)]
        )
        let page = text(overview)
        #expect(page.ranges(of: "&lt;script&gt;evil&lt;/script&gt;&quot;&#39;").count >= 14)
        #expect(!page.contains("<script>evil"))
        #expect(page.ranges(of: "<script").count == 1)
    }

    @Test func `shows the first 20 of many shortfalls, and how many more there are`() {
        var overview = Sample.quiet
        overview.compliance = ComplianceSummary(
            time: Sample.now,
            objects: 1_000,
            compliant: 999,
            shortfalls: (0..<1_030).map { .init(rule: .secretRef, namespace: "team-\($0)", objects: 1) }
        )
        let page = text(overview)
        #expect(page.contains("team-19<") && !page.contains("team-20<") && page.contains("And 1,010 more"))
        #expect(page.contains("<dd>99 %</dd>"))
    }

    @Test func `allows a browser its own style and script alone`() {
        let policy = Page.contentSecurityPolicy
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
        #expect(
            !policy.contains("unsafe") && !policy.contains("*") && policy.contains("frame-ancestors 'none'")
        )
        // What would need more than that.
        let page = text(Sample.full)
        #expect(!page.contains(" style=\"") && !page.contains(" onclick") && !page.contains("src="))
    }

    @Test func `says spans and durations in few digits`() {
        #expect(
            [0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(TimeText.span) == [
                "0 seconds", "119 seconds", "2 minutes", "119 minutes", "2 hours", "47 hours", "2 days",
            ]
        )
        #expect(
            [4_999, 25_000, 9_999_999, 10_000_000, 999_000_000, 2_500_000_000].map(TimeText.duration) == [
                "0.00\u{A0}ms", "0.02\u{A0}ms", "9.99\u{A0}ms", "10\u{A0}ms", "999\u{A0}ms", "2.50\u{A0}s",
            ]
        )
        #expect([0, 999, 1_000, 1_234_567].map(\.grouped) == ["0", "999", "1,000", "1,234,567"])
    }

    @Test func `draws bars to a scale that holds the highest`() {
        #expect(
            [0, 1, 2, 3, 5, 11, 41, 100, 101].map(RequestsChart.round) == [2, 2, 2, 4, 10, 20, 100, 100, 200]
        )
        let minutes = [Overview.Minute(decisions: [.deny: 1, .allow: 3], p50: 100_000, p99: 1_000_000)]
        let requests = RequestsChart(minutes).html.text
        // Of 4: a quarter refused, at the right end, and the rest above it.
        #expect(requests.contains("<rect class=\"deny\" x=\"591\" y=\"750\" width=\"8\" height=\"250\"/>"))
        #expect(requests.contains("<rect class=\"allow\" x=\"591\" y=\"0\" width=\"8\" height=\"750\"/>"))
        // Between the first and the second of three powers of ten.
        let latency = LatencyChart(minutes).html.text
        #expect(latency.contains("<rect class=\"span\" x=\"592\" y=\"100\" width=\"6\" height=\"100\"/>"))
    }
}
