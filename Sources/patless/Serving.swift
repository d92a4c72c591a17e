import Audit
import HTTP
import Logging
import Policy
import Sockets
import TLS
import Webhook

/// The server, put together from its parts, from start to end.
struct Serving {
    private let options: Serve
    private let logger: Logger
    private let writer: LineWriter
    private let trails: [Trail]
    private let recorder: Recorder
    private let policy: Reloader<PolicySnapshot>
    private let clients: Reloader<ClientVerification?>
    private let files: Reloader<TLSContext>?
    private let cluster: ClusterSide?
    private let trust: Trust?
    private let webhook: Server
    private let operations: Server
    private let status: StatusSide?

    /// Reads the files and opens the ports; throws what a person must mend.
    init(_ options: Serve) throws {
        self.options = options
        writer = try LineWriter(to: File.standardError)
        let handler = LineLogHandler(writer, format: options.logFormat, level: options.logLevel)
        logger = Logger(label: "patless") { _ in handler }
        trails = try AuditSource.trails(options, logger)
        let rejections = RecentRejections()
        policy = try Self.policy(options, logger)
        clients = try Self.clients(options, logger)
        files = try Self.files(options, clients, logger)
        cluster = try ClusterSide(options, policy: policy, clients: clients, logger)
        recorder = try Recorder(trails + [rejections] + (cluster?.audit.consumers ?? []))
        guard let certificate: any ServingCertificate = files ?? cluster?.managed else {
            throw Failure(description: "there is no certificate to serve with")
        }

        let metrics = Metrics()
        let admission = Admission(
            policy: { [policy] in policy.current },
            metrics: metrics,
            recorder: recorder,
            recordsAllowed: options.audit.auditAllowed
        )
        let service = Self.service(options, certificate, logger, Routes.webhook(admission))
        webhook = try Server(at: options.listen, workers: options.workers, service: service)

        trust = try cluster.map { side in
            try Trust(
                side.server,
                side.installation,
                certificate: certificate,
                address: options.listen,
                isForKnownClients: options.clientCa != nil
            )
        }
        let page = MetricsPage(
            metrics: metrics,
            statistics: service.statistics,
            policy: policy,
            certificate: certificate,
            trust: trust,
            leadership: cluster?.leadership,
            backfill: cluster?.backfill,
            audit: cluster?.audit.figures,
            server: cluster?.server,
            trails: trails,
            writer: writer,
            version: Version.number
        )
        let checks: [Health.Check] = [.lifecycle(of: service), .policy(policy), .certificate(certificate)]
        let health = Health(checks + [trust.map(Health.Check.trust)].compactMap(\.self))
        operations = try Server(
            at: options.opsListen,
            workers: 1,
            service: Service(handler: Routes.operations(health, metrics: page.render))
        )
        status = try StatusSide(
            options,
            policy: policy,
            certificate: certificate,
            trust: trust,
            cluster: cluster,
            service: service,
            metrics: metrics,
            rejections: rejections,
            trails: trails
        )
    }

    /// Serves until a signal ends it.
    func run(until signals: Signals) throws {
        try writer.start()
        for trail in trails {
            try trail.start(version: Version.number, policy: policy.current.hash)
        }
        try recorder.start()
        try watchFiles()
        try webhook.start(named: "webhook")
        try operations.start(named: "ops")
        try status?.start()
        if let trust {
            try cluster?.start(trust)
        }
        logger.notice(
            "serving",
            metadata: [
                "version": "\(Version.number)", "listen": "\(options.listen)",
                "opsListen": "\(options.opsListen)",
                "workers": .stringConvertible(options.workers), "policy": "\(policy.current.hash)",
                "name": "\(options.name ?? "")",
            ]
        )
        if signals.wait() == .terminate {
            drain(signals)
        }
        cluster?.stop()
        webhook.stop()
        operations.stop()
        status?.stop()
        logger.notice("stopped")
        recorder.flush()
        writer.flush()
    }

    /// Takes leave without losing a request.
    ///
    /// The API server keeps its connections when a pod leaves its Service. It is told by each reply, and
    /// then by 503 with Retry-After, to come again on a new connection, which finds another replica.
    private func drain(_ signals: Signals) {
        guard options.drainSeconds > 0 else { return }
        logger.notice("draining", metadata: ["seconds": .stringConvertible(options.drainSeconds)])
        webhook.service.lifecycle = .draining
        // A second signal is a person in a hurry.
        guard signals.wait(seconds: options.drainSeconds) == nil else { return }
        webhook.service.lifecycle = .refusing
        _ = signals.wait(seconds: 2)
    }

    /// Looks at the files when something changes in their directories, and now and then all the same: not
    /// every file system tells.
    private func watchFiles() throws {
        let paths = [options.config, options.tlsCert, options.tlsKey, options.clientCa].compactMap(\.self)
        let directories = paths.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }
        let watch = try DirectoryWatch(Set(directories))
        _ = try Thread(named: "files") { [policy, clients, files, cluster, trust] in
            while true {
                watch.wait(milliseconds: 10_000)
                // Whoever writes a certificate and its key writes one after the other.
                Clock.sleep(milliseconds: 100)
                let haveChanged = [policy.check(), clients.check(), files?.check() ?? false]
                guard haveChanged.contains(true) else { continue }
                cluster?.managed?.look()
                cluster?.backfill?.look()
                trust?.look()
            }
        }
    }

    private static func policy(_ options: Serve, _ logger: Logger) throws -> Reloader<PolicySnapshot> {
        let paths = [options.config].compactMap(\.self)
        return try Reloader("policy", of: paths, logger: logger) { contents in
            try PolicySource.snapshot(contents.first, name: paths.first ?? "")
        }
    }

    private static func clients(_ options: Serve, _ logger: Logger) throws -> Reloader<ClientVerification?> {
        try Reloader("client authorities", of: [options.clientCa].compactMap(\.self), logger: logger) {
            contents in
            try contents.first.map { authorities in
                do throws(TLSError) {
                    return try ClientVerification(authorities: authorities, names: options.clientName)
                } catch {
                    throw Failure(description: "\(options.clientCa ?? ""): \(error)")
                }
            }
        }
    }

    /// The certificate of files; nil when it is managed.
    private static func files(
        _ options: Serve,
        _ clients: Reloader<ClientVerification?>,
        _ logger: Logger
    ) throws -> Reloader<TLSContext>? {
        guard let certificate = options.tlsCert, let key = options.tlsKey else { return nil }
        let paths = [certificate, key] + [options.clientCa].compactMap(\.self)
        return try Reloader("certificate", of: paths, logger: logger) { contents in
            do throws(TLSError) {
                return try TLSContext(
                    certificateChain: contents[0],
                    privateKey: contents[1],
                    clients: clients.current
                )
            } catch {
                throw Failure(description: "\(paths.joined(separator: ", ")): \(error)")
            }
        }
    }

    private static func service(
        _ options: Serve,
        _ certificate: any ServingCertificate,
        _ logger: Logger,
        _ handler: @escaping Handler
    ) -> Service {
        var limits = Limits(memory: ProcessStatus.memoryLimit)
        // Whoever scans the port must not fill the log; the metric counts them all.
        let throttle = Throttle(every: Limits.second)
        limits.age = options.maxConnectionAge * Limits.second
        return Service(
            limits: limits,
            context: { certificate.current },
            handshakeFailed: { error in
                guard throttle.allows(at: Clock.monotonic) else { return }
                logger.info("TLS handshake failed", metadata: ["reason": "\(error)"])
            },
            handler: handler
        )
    }
}
