package import Audit
package import Cluster
package import HTTP
package import Policy
import Sockets
import StatusPage
import TLS

/// What the status page tells of, gathered from where it is known; nothing of it is kept.
package struct StatusSource: Sendable {
    private let policy: Reloader<PolicySnapshot>
    private let certificate: any ServingCertificate
    private let trust: Trust?
    private let leadership: Leadership?
    private let backfill: Backfill?
    private let service: Service
    private let metrics: Metrics
    private let history: TrafficHistory
    private let rejections: RecentRejections
    private let trails: [Trail]
    private let compliance: @Sendable () -> ComplianceSummary?
    private let replica: String
    private let version: String
    private let started = Clock.wall / Limits.second

    /// `service` is that of the webhooks; `compliance` gives what a scan has found, if there was one.
    package init(
        policy: Reloader<PolicySnapshot>,
        certificate: any ServingCertificate,
        trust: Trust?,
        leadership: Leadership?,
        backfill: Backfill?,
        service: Service,
        metrics: Metrics,
        history: TrafficHistory,
        rejections: RecentRejections,
        trails: [Trail],
        compliance: @escaping @Sendable () -> ComplianceSummary?,
        replica: String,
        version: String
    ) {
        self.policy = policy
        self.certificate = certificate
        self.trust = trust
        self.leadership = leadership
        self.backfill = backfill
        self.service = service
        self.metrics = metrics
        self.history = history
        self.rejections = rejections
        self.trails = trails
        self.compliance = compliance
        self.replica = replica
        self.version = version
    }

    /// The page as it is now.
    package func render() -> [UInt8] {
        let snapshot = policy.current
        var overview = Overview(
            now: Clock.wall / Limits.second,
            replica: replica,
            version: version,
            started: started,
            policy: snapshot.evaluator.policy,
            policyHash: snapshot.hash,
            certificate: Overview.Certificate(
                expires: certificate.current.expires,
                authorityExpires: certificate.authorityExpires,
                failure: certificate.failure,
                problems: trust?.problems
            )
        )
        overview.isLeading = leadership?.isHeld
        overview.isServing = service.lifecycle == .serving
        overview.policyFailure = policy.failure
        overview.identities = identities
        overview.rejections = rejections.all
        overview.refused = metrics.reading.refused
        overview.unrecorded = trails.flatMap { trail in Loss.allCases.map { trail.losses[$0] } }.reduce(0, +)
        overview.compliance = compliance()
        overview.traffic = history.minutes
        return Page.render(overview)
    }

    private var identities: Overview.Identities {
        guard let backfill else { return .unattended }
        guard leadership?.isHeld == true else { return .elsewhere }
        return .known(
            backfill.identities.map { identity, state in
                if case .missing(let reason) = state { (identity, reason) } else { (identity, nil) }
            }
        )
    }
}
