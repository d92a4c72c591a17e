import Cluster
import HTTP
import JSON
import Sockets
import TLS

/// Whether Entra can check the cluster's tokens: their issuer publishes its keys where everybody can fetch them.
enum IssuerCheck {
    private static let path = "/.well-known/openid-configuration"
    private static let enable =
        "az aks update --enable-oidc-issuer --resource-group RG --name CLUSTER, then make the federated credential again "
        + "(patless azure steps)"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        let own = try patient.server.send(.discovery(path)).root
        guard let issuer = own["issuer"]?.string, let endpoint = Endpoint(issuer), endpoint.isTLS else {
            return [.fail("issuer", "the cluster's tokens have no issuer that is an https URL", mend: enable)]
        }
        // What AKS takes without its OIDC issuer is the API server itself.
        let isInside =
            endpoint.host.hasSuffix(".azmk8s.io") || endpoint.host.hasSuffix(".svc")
            || endpoint.host.hasSuffix(".cluster.local")
        guard !isInside, endpoint.host != "kubernetes" else {
            return [
                .fail(
                    "issuer",
                    "the cluster's tokens are issued by \(issuer), which Entra cannot reach: the OIDC issuer is off",
                    mend: enable
                )
            ]
        }
        do {
            let published = try fetch(endpoint, path)
            guard let said = published["issuer"]?.string, said == issuer else {
                return [
                    .fail(
                        "issuer",
                        "the tokens name \(issuer) as issuer, and what is published there names another: a slash at the "
                            + "end counts",
                        mend: enable
                    )
                ]
            }
            guard let address = published["jwks_uri"]?.string, let keys = Endpoint(address),
                let list = try fetch(keys, "")["keys"], list.elements.contains(where: { _ in true })
            else { return [.fail("issuer", "\(issuer) publishes no keys", mend: enable)] }
            return [
                .ok("issuer", "\(issuer) publishes its keys; federated credentials must name it exactly so")
            ]
        } catch {
            return [
                Diagnosis(
                    link: "issuer",
                    state: .warn,
                    detail: "the issuer \(issuer) could not be reached from here: \(error)",
                    mend: "curl \(issuer)\(path)"
                )
            ]
        }
    }

    /// The JSON object at `path` below `endpoint`, which is trusted as the system trusts it.
    private static func fetch(_ endpoint: Endpoint, _ path: String) throws -> JSONValue {
        let deadline = Clock.monotonic + 10_000_000_000
        var connection = try ClientConnection.open(
            to: endpoint,
            through: ProxyEnvironment.proxy(to: endpoint),
            context: ClientContext(),
            until: deadline
        )
        let head = try connection.send(
            ClientRequest(
                "GET",
                endpoint.basePath.isEmpty && path.isEmpty ? "/" : path,
                fields: [("Accept", "application/json")]
            ),
            until: deadline
        )
        let body = try connection.readBody(limit: 1 << 20, until: deadline)
        guard head.status == 200 else { throw ClientError("it answers with \(head.status)") }
        return try JSONDocument(body).root
    }
}
