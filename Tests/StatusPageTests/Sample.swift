import Audit
import Policy

@testable import StatusPage

/// A replica on 2027-01-15 at 08:00 UTC, that knows all that one can know.
enum Sample {
    static let now = 1_800_000_000

    static var policy: Policy {
        var policy = Policy()
        policy.identities = [identity("flux-system"), identity("team-flux")]
        policy.rules[.proxySecret] = Enforcement(mode: .off)
        policy.exemptions = [
            exemption("on-premises TFS", lastDay: Day(at: now).number + 40),
            exemption("waits for the new tenant", lastDay: Day(at: now).number + 5),
            exemption("over long ago", lastDay: Day(at: now).number - 3),
        ]
        return policy
    }

    static func identity(_ namespace: String) -> Identity {
        Identity(
            namespace: namespace,
            serviceAccount: "source-controller",
            deployment: "source-controller",
            clientID: "11111111-2222-3333-4444-555555555555"
        )
    }

    static func exemption(_ reason: String, lastDay: Int) -> Exemption {
        Exemption(
            rules: [.secretRef],
            namespaces: ["legacy", "old-*"],
            names: ["*"],
            reason: reason,
            owner: "team-a@contoso.com",
            expires: Day(number: lastDay)
        )
    }

    /// Nothing has happened yet, and nothing is wrong.
    static var quiet: Overview {
        Overview(
            now: now,
            replica: "patless-6d4f9c-x7k2p",
            version: "1.2.3",
            started: now - 3 * 86_400,
            policy: Policy(),
            policyHash: "0123456789abcdef0123456789abcdef",
            certificate: Overview.Certificate(
                expires: now + 5 * 86_400,
                authorityExpires: now + 300 * 86_400,
                failure: nil,
                problems: []
            )
        )
    }

    static var full: Overview {
        var overview = quiet
        overview.policy = policy
        overview.isLeading = true
        overview.identities = .known([
            (identity("flux-system"), nil),
            (identity("team-flux"), "1 of 1 pods are older than the identity"),
        ])
        overview.compliance = ComplianceSummary(
            time: now - 95,
            objects: 1_240,
            compliant: 1_187,
            shortfalls: [
                .init(rule: .secretRef, namespace: "legacy", objects: 41),
                .init(rule: .urlCredentials, namespace: "shop", objects: 12),
            ]
        )
        overview.traffic = (0..<60).map { minute in
            let total = 20 + minute * 7 % 23 + (minute == 31 ? 60 : 0)
            let deny = minute % 9 == 4 ? 6 : minute == 31 ? 40 : 0
            return Overview.Minute(
                decisions: [.deny: deny, .warn: minute % 4, .exempt: minute % 3, .allow: total],
                p50: 24_000 + minute * 300,
                p99: 90_000 + (minute * 37 % 17) * 90_000
            )
        }
        return overview
    }
}
