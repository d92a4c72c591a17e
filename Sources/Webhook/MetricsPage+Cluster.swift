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
        if let backfill {
            write(backfill, to: &text)
        }
    }

    private func write(_ backfill: Backfill, to text: inout MetricsText) {
        text.metric(
            "patless_leader",
            .gauge,
            "1 on the replica that looks after what exists already.",
            backfill.leadership.isHeld ? 1 : 0
        )
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
}
