import Audit
import Cluster
import HTTP
import Logging
import Policy
import Sockets
import Webhook

/// What a replica keeps and tells of its decisions in the cluster itself: Events, a scan and reports.
struct ClusterAudit {
    let figures: ClusterFigures
    private let exchange: RejectionExchange?

    init(
        _ options: Serve,
        _ server: APIServer,
        _ installation: Installation,
        leadership: Leadership?,
        policy: @escaping @Sendable () -> PolicySnapshot,
        replica: String,
        _ logger: Logger
    ) throws {
        let throttle = Throttle(every: 60 * Limits.second)
        let failed = { @Sendable (error: ClusterError) in
            guard throttle.allows(at: Clock.monotonic) else { return }
            logger.warning("the audit of the cluster is not complete", metadata: ["reason": "\(error)"])
        }
        let events =
            options.events ? try RefusalEvents(server, reporter: replica, failed: failed) : nil
        guard options.scan, let leadership else {
            figures = ClusterFigures(scan: nil, reports: nil, events: events)
            exchange = nil
            return
        }
        let isLeader = { @Sendable in leadership.isHeld }
        let scan = ClusterScan(server, policy: policy, isLeader: isLeader, failed: failed)
        let exchange = RejectionExchange(
            server,
            namespace: installation.namespace,
            installation: installation.name,
            replica: replica,
            failed: failed
        )
        let reports = Reports(
            server,
            installation: installation.name,
            scan: scan,
            exchange: exchange,
            isLeader: isLeader,
            failed: failed
        )
        self.exchange = exchange
        figures = ClusterFigures(scan: scan, reports: reports, events: events)
    }

    /// Who is to hear of decisions.
    var consumers: [any AuditConsumer] {
        ([figures.events, exchange] as [(any AuditConsumer)?]).compactMap(\.self)
    }

    /// Starts all of it, each on a thread of its own.
    func start() throws {
        try figures.events?.start()
        try figures.scan?.start()
        try exchange?.start()
        try figures.reports?.start()
    }
}
