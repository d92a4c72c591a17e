package import JSON
package import Kubernetes

extension Evaluator {
    /// What the policy makes of an object that says itself what it is: one of a cluster's list, or of a manifest.
    ///
    /// `namespace` is where it is, if not empty. There is nothing to say about a kind that no rule looks at.
    package func judge(
        object: JSONValue,
        in namespace: String = "",
        at now: Int
    ) throws(ReviewError) -> Verdict {
        let version = try object.text("apiVersion", "apiVersion")?.string ?? ""
        let kind = try object.text("kind", "kind")?.string ?? ""
        let group = version.lastIndex(of: "/").map { String(version[..<$0]) } ?? ""
        return try judge(object: object, kind, of: group, in: namespace, at: now)
    }

    /// The same of an object whose kind is known from elsewhere.
    package func judge(
        object: JSONValue,
        _ kind: String,
        of group: String,
        in namespace: String = "",
        at now: Int
    ) throws(ReviewError) -> Verdict {
        switch (group, kind) {
        case (GitRepository.group, GitRepository.kind):
            return judge(try GitRepository(object), in: namespace, at: now)
        case (ServiceAccount.group, ServiceAccount.kind), (Deployment.group, Deployment.kind):
            return try judge(object, kind, in: namespace, at: now)
        default:
            guard let flux = FluxKind.named(kind, in: group) else { return .nothing }
            return try judge(object, flux, in: namespace, at: now)
        }
    }

    /// What the policy makes of the manifest of a Secret that something signs in to Git with.
    package func judge(
        secret: JSONValue,
        in namespace: String = "",
        at now: Int
    ) throws(ReviewError) -> Verdict {
        let metadata = try ObjectMeta(of: secret)
        let target = Target(
            kind: "Secret",
            namespace: namespace.isEmpty ? metadata.namespace : namespace,
            metadata: metadata
        )
        let findings = try PlainSecretRule.findings(in: secret)
        return Verdict(of: target, judgements: enforcer.judgements(of: findings, on: target, at: now) { [] })
    }

    /// What the policy makes of another Flux object, which was `old` before.
    func judge(
        _ object: JSONValue,
        _ kind: FluxKind,
        replacing old: JSONValue? = nil,
        in namespace: String,
        at now: Int
    ) throws(ReviewError) -> Verdict {
        let metadata = try ObjectMeta(of: object)
        let namespace = namespace.isEmpty ? metadata.namespace : namespace
        func findings(_ object: JSONValue) throws(ReviewError) -> [Finding] {
            try FluxSecretRule.findings(in: object, kind) { isCertificateAuthority($0, in: namespace) }
        }
        let found = try findings(object)
        guard !found.isEmpty else { return .nothing }
        let target = Target(kind: kind.kind, namespace: namespace, metadata: metadata)
        let judgements = enforcer.judgements(of: found, on: target, at: now) {
            old.flatMap { try? findings($0) } ?? []
        }
        return Verdict(of: target, judgements: judgements)
    }
}
