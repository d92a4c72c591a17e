/// How the parts of an installation are called: a name is all that it takes.
package struct Installation: Sendable {
    /// The name of its Service, of its two webhook configurations and of its Lease.
    package let name: String
    package let namespace: String
    /// The webhooks that must be registered; without identities there is nothing to mutate.
    let needed: @Sendable () -> [WebhookKind]

    package init(name: String, namespace: String, needed: @escaping @Sendable () -> [WebhookKind]) {
        self.name = name
        self.namespace = namespace
        self.needed = needed
    }

    /// The Secret that keeps the certificate authority.
    package var authoritySecret: String { "\(name)-ca" }

    /// What the API server calls us, and expects a certificate for.
    package var host: String { "\(name).\(namespace).svc" }

    /// All names that the Service has.
    var names: [String] {
        [host, name, "\(name).\(namespace)", "\(host).cluster.local"]
    }
}
