package import Cluster
import JSON
import Manifests
package import Policy

/// The installation and the cluster that are looked at, and what every check has to know of them.
package struct Patient: Sendable {
    let server: APIServer
    /// What the installation's webhook configurations, Service and policy are called.
    let name: String
    /// Where its Service is; nil when nothing is registered.
    let namespace: String?
    /// What it enforces; nil when that cannot be read.
    let policy: Policy?
    let validating: JSONValue?
    let mutating: JSONValue?

    /// Finds the installation called `name`; its policy is `policy`, or the one in its ConfigMap.
    package init(_ server: APIServer, name: String, policy: Policy? = nil) throws(ClusterError) {
        self.server = server
        self.name = name
        validating = try server.find(.get(.validatingWebhooks, nil, name))
        mutating = try server.find(.get(.mutatingWebhooks, nil, name))
        let webhook = (validating ?? mutating)?["webhooks"]?.elements.first { _ in true }
        namespace = webhook?["clientConfig"]?["service"]?["namespace"]?.string
        guard policy == nil, let namespace else {
            self.policy = policy
            return
        }
        let map = try? server.find(.get(.configMaps, namespace, name))
        self.policy = map?["data"]?["policy.yaml"]?.string.flatMap {
            try? PolicyFile.parse(Array($0.utf8), name: "policy.yaml")
        }
    }

    /// The identities that are handed out; without a policy that can be read, Flux' own controller.
    var identities: [IdentityReference] {
        guard let policy else {
            return [
                IdentityReference(
                    namespace: "flux-system",
                    serviceAccount: "source-controller",
                    deployment: "source-controller",
                    identity: nil
                )
            ]
        }
        return policy.identities.map { identity in
            IdentityReference(
                namespace: identity.namespace,
                serviceAccount: identity.serviceAccount,
                deployment: identity.deployment,
                identity: identity
            )
        }
    }

    /// What the installation's webhooks are called.
    var webhookNames: [String] {
        [validating, mutating].compactMap(\.self).flatMap { configuration in
            configuration["webhooks"].map { $0.elements.compactMap { $0["name"]?.string } } ?? []
        }
    }

    /// The command that changes one of the chart's values.
    func upgrade(_ change: String) -> String {
        "helm upgrade \(name) charts/patless -n \(namespace ?? "patless") --reuse-values \(change)"
    }

    /// The addresses of the pods behind a Service that are ready.
    func readyAddresses(behind service: String, in namespace: String) throws(ClusterError) -> Set<String> {
        // Kubernetes 1.21 has v1, older ones v1beta1; this part of both is the same.
        guard let slices = try server.resource("endpointslices", in: "discovery.k8s.io") else { return [] }
        var addresses: Set<String> = []
        try server.forEach(slices, in: namespace, labels: "kubernetes.io/service-name=\(service)") { slice in
            guard let endpoints = slice["endpoints"] else { return }
            for endpoint in endpoints.elements where endpoint["conditions"]?["ready"]?.boolean != false {
                guard let list = endpoint["addresses"] else { continue }
                for address in list.elements { addresses.insert(address.string ?? "") }
            }
        }
        return addresses
    }
}

/// A ServiceAccount that is to have an identity, and the Deployment that runs as it.
struct IdentityReference {
    let namespace: String
    let serviceAccount: String
    /// Nil when it is to be left alone.
    let deployment: String?
    /// What the policy says of it; nil when that is not known.
    let identity: Identity?
}
