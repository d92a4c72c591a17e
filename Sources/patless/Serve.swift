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

              patless serve --config policy.yaml --tls-cert tls.crt --tls-key tls.key
            """
    )

    /// The flags that have an environment variable.
    static let flags = [
        "--config", "--listen", "--ops-listen", "--tls-cert", "--tls-key", "--client-ca", "--client-name",
        "--workers", "--drain-seconds", "--max-connection-age", "--log-level", "--log-format",
    ]

    @Option(
        help: "The policy file, read again when it changes; without one, every rule has its default mode."
    )
    var config: String?

    @Option(help: "Where the API server calls: ADDRESS:PORT, or [::]:PORT for all of IPv4 and IPv6.")
    var listen = SocketAddress.anywhere(9_443)

    @Option(help: "Where probes and Prometheus ask.")
    var opsListen = SocketAddress.anywhere(8_080)

    @Option(help: "The certificate chain, PEM, read again when it changes.")
    var tlsCert: String

    @Option(help: "The private key, PEM, read again when it changes.")
    var tlsKey: String

    @Option(help: "Serve only clients with a certificate of these authorities, PEM.")
    var clientCa: String?

    @Option(help: "With --client-ca: serve only these common or DNS names; may be repeated.")
    var clientName: [String] = []

    @Option(help: "Threads that serve.")
    var workers = min(2, ProcessStatus.processors)

    @Option(help: "How long requests are still served after SIGTERM.")
    var drainSeconds = 15

    @Option(help: "Seconds after which a reply ends its connection, so that load finds new replicas.")
    var maxConnectionAge = 600

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.info

    @Option(help: "json or text.")
    var logFormat = LineLogHandler.Format.json

    func validate() throws {
        guard 1...64 ~= workers else { throw ValidationError("--workers must be between 1 and 64.") }
        guard 0...3_600 ~= drainSeconds else {
            throw ValidationError("--drain-seconds must be between 0 and 3600.")
        }
        guard maxConnectionAge >= 1 else { throw ValidationError("--max-connection-age must be at least 1.") }
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
