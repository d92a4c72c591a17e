import HTTP
import Kubernetes
import Policy

/// What the server counts of its decisions, and the page that shows it to Prometheus.
///
/// Labels come from small fixed sets: no namespace, no name and no user makes a series.
package final class Metrics: Sendable {
    struct AdmissionKey: Hashable, CaseIterable, Sendable {
        let webhook: WebhookKind
        let operation: AdmissionReview.Operation
        let decision: Verdict.Decision

        static var allCases: [AdmissionKey] {
            WebhookKind.allCases.flatMap { webhook in
                AdmissionReview.Operation.allCases.flatMap { operation in
                    Verdict.Decision.allCases.map {
                        AdmissionKey(webhook: webhook, operation: operation, decision: $0)
                    }
                }
            }
        }
    }

    struct FindingKey: Hashable, CaseIterable, Sendable {
        let rule: RuleName
        let mode: String

        static var allCases: [FindingKey] {
            RuleName.allCases.flatMap { rule in
                ["deny", "warn", "audit", "exempt"].map { FindingKey(rule: rule, mode: $0) }
            }
        }
    }

    private let admissions = CounterTable<AdmissionKey>()
    private let findings = CounterTable<FindingKey>()
    private let durations = WebhookKind.allCases.map { _ in Histogram() }

    /// What was counted up to a moment, over both webhooks.
    struct Reading: Sendable {
        /// By decision, in the order of all cases.
        var decisions: [Int]
        /// Durations, by bucket.
        var buckets: [Int]
        var refused: Int
    }

    var reading: Reading {
        let decisions = Verdict.Decision.allCases.map { decision in
            AdmissionKey.allCases.reduce(0) { $0 + ($1.decision == decision ? admissions[$1] : 0) }
        }
        let buckets = durations.map(\.counts)
        return Reading(
            decisions: decisions,
            buckets: buckets[0].indices.map { index in buckets.reduce(0) { $0 + $1[index] } },
            refused: Verdict.Decision.allCases.firstIndex(of: .deny).map { decisions[$0] } ?? 0
        )
    }

    package init() {}

    func record(
        _ webhook: WebhookKind,
        _ operation: AdmissionReview.Operation,
        _ verdict: Verdict,
        nanoseconds: Int
    ) {
        admissions.add(AdmissionKey(webhook: webhook, operation: operation, decision: verdict.decision))
        for judgement in verdict.judgements {
            findings.add(FindingKey(rule: judgement.finding.rule, mode: judgement.disposition.label))
        }
        durations[webhook == .mutate ? 0 : 1].observe(nanoseconds)
    }

    func write(to text: inout MetricsText) {
        text.metric(
            "patless_admission_requests_total",
            .counter,
            "Admission requests decided, by webhook, operation and decision."
        )
        for key in AdmissionKey.allCases where admissions[key] > 0 {
            text.sample(
                "patless_admission_requests_total",
                [
                    ("webhook", key.webhook.rawValue), ("operation", key.operation.rawValue),
                    ("decision", key.decision.rawValue),
                ],
                value: admissions[key]
            )
        }
        text.metric("patless_findings_total", .counter, "Findings, by rule and by what they led to.")
        for key in FindingKey.allCases where findings[key] > 0 {
            text.sample(
                "patless_findings_total",
                [("rule", key.rule.rawValue), ("mode", key.mode)],
                value: findings[key]
            )
        }
        text.metric(
            "patless_admission_duration_seconds",
            .histogram,
            "From the first byte of an admission request to its decision, in seconds."
        )
        for (webhook, histogram) in zip(WebhookKind.allCases, durations) {
            text.histogram("patless_admission_duration_seconds", [("webhook", webhook.rawValue)], histogram)
        }
    }
}
