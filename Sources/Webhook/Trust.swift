package import Cluster
import HTTP
import Logging
package import Sockets
import Synchronization
import TLS

/// Whether the API server can call this replica: every webhook configuration that must be there trusts the certificate
/// that is served, and a call to ourselves, verified as the API server would, is answered.
package final class Trust: Sendable {
    private let server: APIServer
    private let installation: Installation
    private let certificate: any ServingCertificate
    private let address: SocketAddress
    /// Whether only clients with a certificate are served: then we cannot ask ourselves anything.
    private let isForKnownClients: Bool
    private let bell: Bell
    private let state = Mutex(State())

    private struct State {
        /// What is wrong with each configuration, or why it could not be looked at; nil when all is well.
        var configurations: [WebhookKind: String] = [:]
        var call: String? = "not looked at yet"
    }

    /// Looks at `installation`, of which this replica listens at `address`.
    package init(
        _ server: APIServer,
        _ installation: Installation,
        certificate: any ServingCertificate,
        address: SocketAddress,
        isForKnownClients: Bool
    ) throws(SystemError) {
        self.server = server
        self.installation = installation
        self.certificate = certificate
        self.address = address.ofThisMachine
        self.isForKnownClients = isForKnownClients
        bell = try Bell()
    }

    /// What keeps the API server from calling us; empty when nothing does.
    package var problems: [String] {
        state.withLock { state in
            state.configurations.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value)
                + (state.call.map { ["a call to ourselves: \($0)"] } ?? [])
        }
    }

    /// Whether a configuration trusts the certificate; nil when it need not be there.
    func isTrusted(by kind: WebhookKind) -> Bool? {
        installation.needed().contains(kind)
            ? state.withLock { $0.configurations[kind] == nil && $0.call != "not looked at yet" } : nil
    }

    /// Has it look again: something that it depends on may have changed.
    package func look() {
        bell.ring()
    }

    /// Starts to look, on a thread of its own: at once, when told to, and now and then.
    package func start() throws(SystemError) {
        _ = try Thread(named: "trust") {
            while true {
                self.inspect()
                self.bell.wait(milliseconds: self.problems.isEmpty ? 30_000 : 1_000)
            }
        }
    }

    private func inspect() {
        let chain = certificate.current.certificateChain
        let now = server.now
        var problems: [WebhookKind: String] = [:]
        var bundles: [CertificateBundle] = []
        do throws(ClusterError) {
            for kind in installation.needed() {
                let what = "the \(kind.configuration.kind) \(installation.name)"
                guard let registration = try Registration(kind, called: installation.name, from: server)
                else {
                    problems[kind] = "\(what) does not exist"
                    continue
                }
                bundles += registration.bundles
                for bundle in registration.bundles {
                    do throws(TLSError) {
                        try bundle.verify(chain: chain, name: installation.host, at: now)
                    } catch {
                        problems[kind] = "\(what): \(error)"
                    }
                }
            }
        } catch {
            // What was true a moment ago mostly still is; who is asked is the API server, and it is away.
            guard state.withLock({ $0.call != "not looked at yet" }) else {
                return state.withLock { $0.configurations[.validate] = error.description }
            }
            return
        }
        let call = bundles.first.map { callOurselves(trusting: $0) } ?? "nobody registers this webhook"
        state.withLock { $0 = State(configurations: problems, call: call) }
    }

    /// Calls our own port; what went wrong.
    private func callOurselves(trusting bundle: CertificateBundle) -> String? {
        do {
            let deadline = Clock.monotonic + 2 * Limits.second
            var connection = try ClientConnection.open(
                to: Endpoint(isTLS: true, host: address.host, port: address.port),
                context: try ClientContext(authorities: bundle.pem),
                name: installation.host,
                until: deadline
            )
            guard !isForKnownClients else { return nil }
            // No review, so that nothing is decided and counted: only a POST would be one.
            let head = try connection.send(ClientRequest("GET", "/validate"), until: deadline)
            return head.status == Status.methodNotAllowed.rawValue
                ? nil : "it was answered with \(head.status)"
        } catch {
            return "\(error)"
        }
    }
}
