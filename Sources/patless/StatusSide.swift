import Audit
import HTTP
import Policy
import Sockets
import TLS
import Webhook

/// The status page of a replica: what it remembers for it, and the port that it is on.
struct StatusSide {
    private let history: TrafficHistory
    private let server: Server

    /// Nil without `--status-listen`.
    init?(
        _ options: Serve,
        policy: Reloader<PolicySnapshot>,
        certificate: any ServingCertificate,
        trust: Trust?,
        cluster: ClusterSide?,
        service: Service,
        metrics: Metrics,
        rejections: RecentRejections,
        trails: [Trail]
    ) throws {
        guard let address = options.statusListen else { return nil }
        history = TrafficHistory(metrics)
        let source = StatusSource(
            policy: policy,
            certificate: certificate,
            trust: trust,
            leadership: cluster?.leadership,
            backfill: cluster?.backfill,
            service: service,
            metrics: metrics,
            history: history,
            rejections: rejections,
            trails: trails,
            compliance: { cluster?.audit.figures.scan?.summary },
            replica: ProcessStatus.hostName,
            version: Version.number
        )
        // A few browsers, that send no more than a request for a page.
        var limits = Limits()
        limits.connections = 64
        limits.bodyBytes = 0
        limits.bufferedBytes = 1 << 20
        server = try Server(
            at: address,
            workers: 1,
            service: Service(limits: limits, handler: Routes.status(source.render))
        )
    }

    func start() throws {
        try history.start()
        try server.start(named: "status")
    }

    func stop() {
        server.stop()
    }
}
