package import Audit
package import Cluster
package import HTTP
package import Policy
import TLS

/// The page of /metrics: everything that the server knows of itself.
package struct MetricsPage: Sendable {
    private let metrics: Metrics
    private let statistics: Statistics
    private let policy: Reloader<PolicySnapshot>
    let certificate: any ServingCertificate
    let trust: Trust?
    let leadership: Leadership?
    let backfill: Backfill?
    let audit: ClusterFigures?
    let server: APIServer?
    private let trails: [Trail]
    private let writer: LineWriter
    private let version: String

    package init(
        metrics: Metrics,
        statistics: Statistics,
        policy: Reloader<PolicySnapshot>,
        certificate: any ServingCertificate,
        trust: Trust? = nil,
        leadership: Leadership? = nil,
        backfill: Backfill? = nil,
        audit: ClusterFigures? = nil,
        server: APIServer? = nil,
        trails: [Trail],
        writer: LineWriter,
        version: String
    ) {
        self.metrics = metrics
        self.statistics = statistics
        self.policy = policy
        self.certificate = certificate
        self.trust = trust
        self.leadership = leadership
        self.backfill = backfill
        self.audit = audit
        self.server = server
        self.trails = trails
        self.writer = writer
        self.version = version
    }

    /// The page as it is now.
    package func render() -> [UInt8] {
        var text = MetricsText()
        metrics.write(to: &text)
        writeServer(to: &text)
        writePolicy(to: &text)
        writeCluster(to: &text)
        writeAudit(to: &text)
        text.metric("patless_log_dropped_total", .counter, "Log lines that were not written.")
        text.sample("patless_log_dropped_total", value: writer.dropped)
        text.metric("patless_build_info", .gauge, "1, with the version as a label.")
        text.sample("patless_build_info", [("version", version)], value: 1)
        ProcessMetrics.write(to: &text)
        return text.bytes
    }

    private func writeServer(to text: inout MetricsText) {
        text.metric(
            "patless_http_responses_total",
            .counter,
            "Responses of the webhook port, by status code."
        )
        for status in Status.allCases where statistics.responses[status] > 0 {
            text.sample(
                "patless_http_responses_total",
                [("code", String(status.rawValue))],
                value: statistics.responses[status]
            )
        }
        text.metric(
            "patless_connections",
            .gauge,
            "Open connections of the webhook port.",
            statistics.connections.value
        )
        text.metric("patless_tls_handshakes_total", .counter, "TLS handshakes, by how they ended.")
        for result in Statistics.Handshake.allCases {
            text.sample(
                "patless_tls_handshakes_total",
                [("result", result.rawValue)],
                value: statistics.handshakes[result]
            )
        }
        text.metric(
            "patless_certificate_expiry_timestamp_seconds",
            .gauge,
            "When the first certificate of the served chain expires, since 1970.",
            certificate.current.expires
        )
        text.metric(
            "patless_certificate_reloads_total",
            .counter,
            "Changes of the certificate's files, by whether they could be used."
        )
        write(certificate.changes, "patless_certificate_reloads_total", to: &text)
        text.metric(
            "patless_change_refused",
            .gauge,
            "1 while the last change is not in use and the one before it stays."
        )
        text.sample("patless_change_refused", [("what", "policy")], value: policy.failure == nil ? 0 : 1)
        text.sample(
            "patless_change_refused",
            [("what", "certificate")],
            value: certificate.failure == nil ? 0 : 1
        )
    }

    private func writeAudit(to text: inout MetricsText) {
        text.metric(
            "patless_audit_dropped_total",
            .counter,
            "Decisions that are not on record, by trail and reason."
        )
        for trail in trails {
            for reason in Loss.allCases {
                text.sample(
                    "patless_audit_dropped_total",
                    [("trail", trail.name), ("reason", reason.rawValue)],
                    value: trail.losses[reason]
                )
            }
        }
    }

    private func writePolicy(to text: inout MetricsText) {
        text.metric(
            "patless_policy_reloads_total",
            .counter,
            "Changes of the policy file, by whether they could be used."
        )
        write(policy.changes, "patless_policy_reloads_total", to: &text)
        let snapshot = policy.current
        text.metric("patless_policy_info", .gauge, "1, with the SHA-256 of the policy in force as a label.")
        text.sample("patless_policy_info", [("hash", snapshot.hash)], value: 1)
        text.metric(
            "patless_exemption_expiry_timestamp_seconds",
            .gauge,
            "When an exemption of the policy ends, since 1970."
        )
        for (index, exemption) in snapshot.evaluator.policy.exemptions.enumerated() {
            text.sample(
                "patless_exemption_expiry_timestamp_seconds",
                [("exemption", String(index)), ("owner", exemption.owner), ("reason", exemption.reason)],
                value: exemption.end
            )
        }
    }

    private func write(_ changes: CounterTable<ChangeOutcome>, _ name: String, to text: inout MetricsText) {
        for outcome in ChangeOutcome.allCases {
            text.sample(name, [("result", outcome.rawValue)], value: changes[outcome])
        }
    }
}
