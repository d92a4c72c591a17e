import ArgumentParser
import Logging
import Sockets
import Webhook

/// `patless serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the admission webhooks.",
        discussion: """
            POST /validate and POST /mutate answer AdmissionReviews over TLS; /livez, /readyz and /metrics are \
            on a port of their own, in plain HTTP.

            Each flag is also an environment variable: PATLESS_LOG_LEVEL for --log-level. A flag wins.

            SIGTERM drains: requests are still served, and each reply ends its connection.

            With --name the server knows its place in a cluster, and is ready only when the API server trusts it.
            The cluster is that of the pod, or of --kubeconfig.

              patless serve --config policy.yaml --tls-cert tls.crt --tls-key tls.key
              patless serve --config policy.yaml --name patless --manage-certificates --backfill
            """
    )

    /// The flags that have an environment variable.
    static let flags = [
        "--config", "--listen", "--ops-listen", "--status-listen", "--tls-cert", "--tls-key", "--client-ca",
        "--client-name",
        "--workers", "--drain-seconds", "--max-connection-age", "--log-level", "--log-format", "--name",
        "--namespace", "--kubeconfig", "--context", "--ca-lifetime", "--leaf-lifetime", "--audit",
        "--audit-size", "--audit-age", "--audit-keep",
    ]

    /// Those that may be repeated; their variable is a list with commas.
    static let lists = ["--client-name", "--audit"]

    /// Those of them that have no value; their variable is `true` or `false`.
    static let switches = [
        "--manage-certificates", "--backfill", "--restart-controllers", "--scan", "--events",
        "--audit-allowed",
    ]

    @Option(
        help: ArgumentHelp(
            "The policy file, read again when it changes; without one, every rule has its default mode.",
            valueName: "file"
        ),
        completion: .file()
    )
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the API server calls: ADDRESS:PORT, or [::]:PORT for all of IPv4 and IPv6.",
            valueName: "address:port"
        )
    )
    var listen = SocketAddress.anywhere(9_443)

    @Option(help: ArgumentHelp("Where probes and Prometheus ask.", valueName: "address:port"))
    var opsListen = SocketAddress.anywhere(8_080)

    @Option(
        help: ArgumentHelp(
            "Where the status page is, in plain HTTP: a loopback address, for kubectl port-forward; without it there is none.",
            valueName: "address:port"
        )
    )
    var statusListen: SocketAddress?

    @Option(
        help: ArgumentHelp("The certificate chain, PEM, read again when it changes.", valueName: "file"),
        completion: .file()
    )
    var tlsCert: String?

    @Option(
        help: ArgumentHelp("The private key, PEM, read again when it changes.", valueName: "file"),
        completion: .file()
    )
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "What this installation is called in its cluster: its Service, webhook configurations and Lease.",
            valueName: "name"
        )
    )
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Its namespace; that of the pod, or of the kubeconfig, without.",
            valueName: "name"
        )
    )
    var namespace: String?

    @Flag(
        help: ArgumentHelp(
            "Instead of --tls-cert and --tls-key: make certificates, and have the webhook configurations trust them.",
            discussion: "The authority is in the Secret NAME-ca."
        )
    )
    var manageCertificates = false

    @Option(
        help: ArgumentHelp("How long a managed authority is good for, such as 8760h.", valueName: "duration")
    )
    var caLifetime = Duration(seconds: 365 * 86_400)

    @Option(help: ArgumentHelp("How long a managed serving certificate is good for.", valueName: "duration"))
    var leafLifetime = Duration(seconds: 7 * 86_400)

    @Flag(
        help:
            "Give ServiceAccounts and Deployments that exist the identity that the policy names (one replica does)."
    )
    var backfill = false

    @Flag(help: "With --backfill: restart a Deployment whose pods lack their identity, once.")
    var restartControllers = false

    @Flag(help: "Judge the objects that are in the cluster already, and publish reports (one replica does).")
    var scan = false

    @Flag(help: "Tell of refusals by Events on the objects that were refused.")
    var events = false

    @OptionGroup
    var cluster: ClusterOptions

    @Option(
        help: ArgumentHelp(
            "Serve only clients with a certificate of these authorities, PEM.",
            valueName: "file"
        ),
        completion: .file()
    )
    var clientCa: String?

    @Option(
        help: ArgumentHelp(
            "With --client-ca: serve only these common or DNS names; may be repeated.",
            valueName: "name"
        )
    )
    var clientName: [String] = []

    @Option(help: ArgumentHelp("Threads that serve.", valueName: "n"))
    var workers = min(2, ProcessStatus.processors)

    @Option(help: ArgumentHelp("How long requests are still served after SIGTERM.", valueName: "seconds"))
    var drainSeconds = 15

    @Option(
        help: ArgumentHelp(
            "Seconds after which a reply ends its connection, so that load finds new replicas.",
            valueName: "seconds"
        )
    )
    var maxConnectionAge = 600

    @OptionGroup(title: "Audit")
    var audit: AuditOptions

    @Option(help: ArgumentHelp("The least that is logged.", valueName: "level"))
    var logLevel = Logger.Level.info

    @Option(help: ArgumentHelp("How it is logged, to standard error.", valueName: "format"))
    var logFormat = LineLogHandler.Format.json

    func validate() throws {
        guard 1...64 ~= workers else { throw ValidationError("--workers must be between 1 and 64.") }
        guard 0...3_600 ~= drainSeconds else {
            throw ValidationError("--drain-seconds must be between 0 and 3600.")
        }
        guard maxConnectionAge >= 1 else { throw ValidationError("--max-connection-age must be at least 1.") }
        guard manageCertificates == (tlsCert == nil), (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError(
                "A certificate is --tls-cert with --tls-key, or else --manage-certificates."
            )
        }
        guard name != nil || !manageCertificates && !backfill && !scan && !events else {
            throw ValidationError("--manage-certificates, --backfill, --scan and --events need --name.")
        }
        guard backfill || !restartControllers else {
            throw ValidationError("--restart-controllers needs --backfill.")
        }
        guard leafLifetime.seconds < caLifetime.seconds else {
            throw ValidationError("--leaf-lifetime must be shorter than --ca-lifetime.")
        }
        guard statusListen?.isLoopback != false else {
            throw ValidationError(
                "--status-listen must be a loopback address, such as 127.0.0.1:8081: the page asks nobody who they are, "
                    + "so that only who may port-forward to the pod, by RBAC, can see it."
            )
        }
        for file in [config, tlsCert, tlsKey, clientCa] where file == "-" {
            throw ValidationError("serve reads its files again when they change: name files, not -.")
        }
        // OpenSSL takes an empty name for "any name", and one with a leading dot for a whole domain.
        guard clientName.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
            throw ValidationError("--client-name must be a name, neither empty nor beginning with a dot.")
        }
        guard clientName.isEmpty || clientCa != nil else {
            throw ValidationError(
                "--client-name needs --client-ca: without it no client shows a certificate."
            )
        }
    }

    func run() throws {
        // Before any thread is started, so that they all inherit it.
        let signals = Signals()
        ProcessStatus.raiseDescriptorLimit()
        try Failure.explained {
            try Serving(self).run(until: signals)
        }
    }
}
