import Audit
import Cluster
import HTTP
import Logging
import Policy
import Sockets
import TLS
import Webhook

/// What a replica does in its cluster, beside answering: certificates, readiness, backfill, scan, reports, Events.
struct ClusterSide {
    let server: APIServer
    let installation: Installation
    let managed: ManagedCertificate?
    let leadership: Leadership?
    let backfill: Backfill?
    let audit: ClusterAudit
    private let logger: Logger

    /// Nil without `--name`: the server then knows of no cluster.
    init?(
        _ options: Serve,
        policy: Reloader<PolicySnapshot>,
        clients: Reloader<ClientVerification?>,
        _ logger: Logger
    )
        throws
    {
        guard let name = options.name else { return nil }
        self.logger = logger
        server = try ClusterSource.server(
            kubeconfig: options.cluster.kubeconfig,
            context: options.cluster.context
        )
        installation = Installation(name: name, namespace: options.namespace ?? server.namespace) {
            policy.current.evaluator.policy.identities.isEmpty ? [.validate] : [.validate, .mutate]
        }
        managed =
            options.manageCertificates
            ? try ManagedCertificate(
                server,
                installation,
                lifetimes: .init(authority: options.caLifetime.seconds, leaf: options.leafLifetime.seconds),
                clients: { clients.current },
                logger: logger
            ) : nil
        let replica = ProcessStatus.hostName
        let leadership: Leadership? =
            options.backfill || options.scan
            ? Leadership(
                server,
                namespace: installation.namespace,
                name: name,
                // A container that is started anew is another candidate.
                identity: "\(replica)-\(UInt32.random(in: .min ... .max))"
            ) { error in logger.warning("the Lease cannot be looked after", metadata: ["reason": "\(error)"])
            } : nil
        self.leadership = leadership
        if options.backfill, let leadership {
            backfill = try Backfill(
                server,
                leadership: leadership,
                policy: { policy.current },
                restarts: options.restartControllers,
                reporter: replica,
                logger: logger
            )
        } else {
            backfill = nil
        }
        audit = try ClusterAudit(
            options,
            server,
            installation,
            leadership: leadership,
            policy: { policy.current },
            replica: replica,
            logger
        )
    }

    /// Starts to look after everything, each on a thread of its own; `trust` is told of changes too.
    func start(_ trust: Trust) throws {
        try managed?.start()
        try trust.start()
        try leadership?.start()
        try backfill?.start()
        try audit.start()
        let look = { @Sendable [managed] in
            managed?.look()
            trust.look()
        }
        try watch(.validatingWebhooks, nil, installation.name, look)
        try watch(.mutatingWebhooks, nil, installation.name, look)
        if managed != nil {
            try watch(.secrets, installation.namespace, installation.authoritySecret, look)
        }
    }

    /// Lets another replica lead at once.
    func stop() {
        leadership?.release()
    }

    private func watch(
        _ resource: Resource,
        _ namespace: String?,
        _ name: String,
        _ look: @escaping @Sendable () -> Void
    ) throws {
        let watch = Watch(server, resource, namespace: namespace, name: name) { [logger] error in
            logger.info("a watch has failed and begins again", metadata: ["reason": "\(error)"])
        }
        _ = try Thread(named: "watch") {
            watch.run { _ in look() }
        }
    }
}
