package import Cluster
import HTTP
import JSON
import Sockets
import TLS

/// A call to an installation as the API server makes it.
///
/// It goes to its Service by name, trusts what its webhook configurations say, and sends a review whose answer is looked
/// at. Nothing is stored.
package struct Probe: Sendable {
    /// What came of a call.
    package struct Outcome: Sendable {
        package let isGood: Bool
        /// A sentence for a person.
        package let text: String
    }

    private let server: APIServer
    private let installation: Installation
    private static let uid = "00000000-0000-4000-8000-000000000000"

    package init(_ server: APIServer, _ installation: Installation) {
        self.server = server
        self.installation = installation
    }

    /// Calls each webhook that is registered; the validating one must be.
    package func run() -> [Outcome] {
        WebhookKind.allCases.flatMap { kind -> [Outcome] in
            let what = "\(kind.configuration.kind) \(installation.name)"
            do throws(ClusterError) {
                guard let registration = try Registration(kind, called: installation.name, from: server)
                else {
                    guard installation.needed().contains(kind) else { return [] }
                    return [Outcome(isGood: false, text: "\(what) does not exist")]
                }
                return registration.bundles.map { call(kind, what, trusting: $0) }
            } catch {
                return [Outcome(isGood: false, text: "\(what): \(error)")]
            }
        }
    }

    private func call(_ kind: WebhookKind, _ what: String, trusting bundle: CertificateBundle) -> Outcome {
        let endpoint = Endpoint(isTLS: true, host: installation.host, port: 443)
        let path = "/\(kind.rawValue)"
        let began = Clock.monotonic
        do {
            guard !bundle.isEmpty else {
                throw ClientError("it has no caBundle yet, so the API server trusts nobody")
            }
            let deadline = began + 10 * Limits.second
            let context = try ClientContext(authorities: bundle.pem)
            var connection = try ClientConnection.open(to: endpoint, context: context, until: deadline)
            let request = ClientRequest(
                "POST",
                "\(path)?timeout=10s",
                fields: [("Content-Type", "application/json")],
                body: Self.review(for: kind)
            )
            let head = try connection.send(request, until: deadline)
            let body = try connection.readBody(limit: 1 << 20, until: deadline)
            guard head.status == Status.ok.rawValue else {
                throw ClientError(
                    "it answers with \(head.status): \(String(decoding: body.prefix(200), as: UTF8.self))"
                )
            }
            let decision = try Self.decision(in: body)
            let milliseconds = (Clock.monotonic - began) / 1_000_000
            return Outcome(
                isGood: true,
                text: "\(what): \(endpoint)\(path) is trusted, and \(decision) in \(milliseconds) ms"
            )
        } catch {
            return Outcome(isGood: false, text: "\(what): \(endpoint)\(path): \(error)")
        }
    }

    /// What a review's answer says, in words.
    private static func decision(in body: [UInt8]) throws -> String {
        let response = try JSONDocument(body).root["response"]
        guard response?["uid"]?.equals(uid) == true, let isAllowed = response?["allowed"]?.boolean else {
            throw ClientError("what it answers is no AdmissionReview")
        }
        return isAllowed ? "allows what it was asked" : "refuses what it was asked"
    }

    /// A repository with a credential, or an account that is nobody's.
    private static func review(for kind: WebhookKind) -> [UInt8] {
        let (group, version, name) =
            kind == .validate
            ? ("source.toolkit.fluxcd.io", "v1", "GitRepository") : ("", "v1", "ServiceAccount")
        var bytes: [UInt8] = []
        bytes.writeJSON { json in
            json.object { json in
                json.member("apiVersion", "admission.k8s.io/v1")
                json.member("kind", "AdmissionReview")
                json.key("request")
                json.object { json in
                    json.member("uid", uid)
                    json.member("operation", "CREATE")
                    json.member("dryRun", true)
                    json.member("namespace", "patless-probe")
                    json.member("name", "probe")
                    json.key("kind")
                    json.object { json in
                        json.member("group", group)
                        json.member("version", version)
                        json.member("kind", name)
                    }
                    json.key("object")
                    json.object { json in
                        json.member("apiVersion", group.isEmpty ? version : "\(group)/\(version)")
                        json.member("kind", name)
                        json.key("metadata")
                        json.object { $0.member("name", "probe") }
                        guard kind == .validate else { return }
                        json.key("spec")
                        json.object { json in
                            json.member("url", "https://dev.azure.com/organisation/project/_git/repository")
                            json.key("secretRef")
                            json.object { $0.member("name", "probe") }
                        }
                    }
                }
            }
        }
        return bytes
    }
}
