import Audit
import Cluster
import HTTP
import Policy

/// What the page says of the cluster; nothing of a server that knows of none.
extension MetricsPage {
    func writeCluster(to text: inout MetricsText) {
        if let expires = certificate.authorityExpires {
            text.metric(
                "patless_authority_expiry_timestamp_seconds",
                .gauge,
                "When the certificate authority that signs for this replica expires, since 1970.",
                expires
            )
        }
        if let trust {
            text.metric(
                "patless_certificate_trusted",
                .gauge,
                "1 when a webhook configuration trusts the certificate that is served."
            )
            for kind in WebhookKind.allCases {
                guard let isTrusted = trust.isTrusted(by: kind) else { continue }
                let name = kind == .mutate ? "mutating" : "validating"
                text.sample(
                    "patless_certificate_trusted",
                    [("configuration", name)],
                    value: isTrusted ? 1 : 0
                )
            }
        }
        if let server {
            text.metric(
                "patless_api_requests_total",
                .counter,
                "Requests to the API server; code 0: no answer."
            )
            for (key, count) in server.requests.all {
                text.sample(
                    "patless_api_requests_total",
                    [("verb", key.verb.rawValue), ("code", String(key.status))],
                    value: count
                )
            }
        }
        if let leadership {
            text.metric(
                "patless_leader",
                .gauge,
                "1 on the replica that looks after what exists already.",
                leadership.isHeld ? 1 : 0
            )
        }
        if let backfill {
            write(backfill, to: &text)
        }
        if let audit {
            write(audit, to: &text)
        }
    }

    private func write(_ backfill: Backfill, to text: inout MetricsText) {
        text.metric(
            "patless_backfill_total",
            .counter,
            "Objects that were given their identity, by how it ended."
        )
        for (key, count) in backfill.counts.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "patless_backfill_total",
                [("kind", key.kind), ("result", key.isApplied ? "applied" : "failed")],
                value: count
            )
        }
        text.metric(
            "patless_identity_ready",
            .gauge,
            "1 when an identity has come to the running pods; by the leader."
        )
        for (identity, state) in backfill.identities {
            text.sample(
                "patless_identity_ready",
                [("namespace", identity.namespace), ("service_account", identity.serviceAccount)],
                value: state == .ready ? 1 : 0
            )
        }
    }

    /// A cluster may have any number of namespaces; those with the most findings are told by name.
    private static let mostNamespaces = 50

    private func write(_ audit: ClusterFigures, to text: inout MetricsText) {
        if let events = audit.events {
            text.metric("patless_events_total", .counter, "Events on refused objects, by how it ended.")
            text.sample("patless_events_total", [("result", "written")], value: events.written.value)
            text.sample("patless_events_total", [("result", "dropped")], value: events.dropped)
        }
        if let reports = audit.reports {
            text.metric(
                "patless_reports_written_total",
                .counter,
                "Reports that were written or removed.",
                reports.written.value
            )
        }
        guard let summary = audit.scan?.summary else { return }
        text.metric(
            "patless_scan_timestamp_seconds",
            .gauge,
            "When the oldest full look at a kind of object was complete, since 1970; by the leader.",
            summary.time
        )
        text.metric("patless_scanned_objects", .gauge, "Flux objects in the cluster.", summary.objects)
        text.metric(
            "patless_noncompliant_objects",
            .gauge,
            "Flux objects that break a rule without an exemption; namespaces beyond the first 50 as (other)."
        )
        var namespaces: [String] = []
        var other: [RuleName: Int] = [:]
        for shortfall in summary.shortfalls {
            if !namespaces.contains(shortfall.namespace), namespaces.count < Self.mostNamespaces {
                namespaces.append(shortfall.namespace)
            }
            guard namespaces.contains(shortfall.namespace) else {
                other[shortfall.rule, default: 0] += shortfall.objects
                continue
            }
            text.sample(
                "patless_noncompliant_objects",
                [("rule", shortfall.rule.rawValue), ("namespace", shortfall.namespace)],
                value: shortfall.objects
            )
        }
        for (rule, objects) in other.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text.sample(
                "patless_noncompliant_objects",
                [("rule", rule.rawValue), ("namespace", "(other)")],
                value: objects
            )
        }
    }
}
