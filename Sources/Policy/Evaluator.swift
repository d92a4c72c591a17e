package import JSON
package import Kubernetes

/// A policy, ready to judge: the only place where anything is decided.
///
/// A decision is a function of the object, the object before it, the policy and the time. The webhook, the scan
/// and the command line all ask here. Times are seconds since 1970-01-01T00:00:00Z.
package struct Evaluator: Sendable {
    package let policy: Policy
    let enforcer: Enforcer
    private let hosts: TrustedHosts
    private let certificateAuthorities: Set<[UInt8]>

    package init(_ policy: Policy) {
        self.policy = policy
        enforcer = Enforcer(policy)
        hosts = TrustedHosts(policy.azureDevOpsHosts)
        certificateAuthorities = Set(
            policy.certificateAuthoritySecrets.map { Self.key($0.namespace, $0.name) }
        )
    }

    /// Whether a GitRepository, or another Flux object, may be what the request makes of it.
    package func validate(_ review: AdmissionReview, at now: Int) throws(ReviewError) -> Verdict {
        guard let object = review.changedObject else { return .nothing }
        let verdict: Verdict
        if review.concerns(group: GitRepository.group, kind: GitRepository.kind) {
            verdict = judge(
                try GitRepository(object),
                replacing: review.oldObject.flatMap { try? GitRepository($0) },
                in: review.namespace,
                at: now
            )
        } else if let kind = FluxKind.named(review.kind, in: review.group) {
            verdict = try judge(
                object,
                kind,
                replacing: review.oldObject,
                in: review.namespace,
                at: now
            )
        } else {
            return .nothing
        }
        // Asked last: most objects have nothing to be forgiven.
        return !verdict.judgements.isEmpty && review.isOfDeletion ? .nothing : verdict
    }

    /// What the policy makes of `repository`, which was `old` before; `namespace` is where it is, if not empty.
    ///
    /// `old` is looked at only if something would be denied. Nobody asks here whether the object is under
    /// deletion.
    package func judge(
        _ repository: GitRepository,
        replacing old: @autoclosure () -> GitRepository? = nil,
        in namespace: String = "",
        at now: Int
    ) -> Verdict {
        let namespace = namespace.isEmpty ? repository.metadata.namespace : namespace
        let findings = findings(in: repository, namespace)
        guard !findings.isEmpty else { return .nothing }
        let target = Target(kind: GitRepository.kind, namespace: namespace, metadata: repository.metadata)
        let judgements = enforcer.judgements(of: findings, on: target, at: now) {
            old().map { self.findings(in: $0, namespace) } ?? []
        }
        return Verdict(of: target, judgements: judgements)
    }

    /// What a ServiceAccount or Deployment lacks to have its workload identity.
    package func mutate(_ review: AdmissionReview, at now: Int) throws(ReviewError) -> Verdict {
        let isAccount = review.concerns(group: ServiceAccount.group, kind: ServiceAccount.kind)
        guard isAccount || review.concerns(group: Deployment.group, kind: Deployment.kind),
            let object = review.changedObject
        else { return .nothing }
        if review.isOfDeletion { return .nothing }
        return try judge(
            object,
            isAccount ? ServiceAccount.kind : Deployment.kind,
            replacing: review.oldObject,
            in: review.namespace,
            at: now
        )
    }

    /// The same of an object by itself, which is of this kind.
    package func judge(
        _ object: JSONValue,
        _ kind: String,
        replacing old: JSONValue? = nil,
        in namespace: String = "",
        at now: Int
    ) throws(ReviewError) -> Verdict {
        let metadata = try ObjectMeta(of: object)
        let namespace = namespace.isEmpty ? metadata.namespace : namespace
        let named = policy.identities.first { identity in
            let name = kind == ServiceAccount.kind ? identity.serviceAccount : identity.deployment
            // An object whose name is yet to be generated has none that could match.
            guard let name, !name.isEmpty else { return false }
            return name.utf8.elementsEqual(metadata.name.utf8)
                && identity.namespace.utf8.elementsEqual(namespace.utf8)
        }
        guard let identity = named else { return .nothing }

        let mutation = try IdentityMutation(of: object, kind, as: identity)
        let target = Target(kind: kind, namespace: namespace, metadata: metadata)
        let judgements = enforcer.judgements(
            of: mutation.findings,
            on: target,
            strict: identity.onConflict == .deny ? [.identityConflict] : [],
            at: now
        ) {
            let old = old.flatMap { try? IdentityMutation(of: $0, kind, as: identity) }
            return old?.findings ?? []
        }
        return Verdict(of: target, judgements: judgements, patch: mutation.patch)
    }

    private func findings(in repository: GitRepository, _ namespace: String) -> [Finding] {
        let url = RepositoryURL(repository.url)
        let subject = Subject(
            repository: repository,
            provider: Subject.Provider(repository.provider),
            url: url,
            isTrustedHost: !url.isMalformed && hosts.contains(url.host),
            isCertificateAuthority: url.scheme == .https
                && repository.secretName.map { isCertificateAuthority($0, in: namespace) } ?? false
        )
        var found: [Finding] = []
        for rule in Self.rules { found += rule(subject) }
        return found
    }

    /// Every rule on GitRepositories, in the order in which findings are told.
    private static let rules: [@Sendable (Subject) -> [Finding]] = [
        SecretRefRule.findings, URLCredentialsRule.findings, GitHubAppKeyRule.findings,
        TokenExposureRule.findings, SSHKeyRule.findings, ProxySecretRule.findings,
        ProviderMissingRule.findings, SubmoduleTokenRule.findings,
    ]

    /// Whether the policy lets the Entra token go to `host`, in lower case.
    func isTrusted(_ host: [UInt8]) -> Bool {
        hosts.contains(host)
    }

    /// Whether the policy says that the Secret holds a certificate authority and nothing else.
    package func isCertificateAuthority(_ secret: String, in namespace: String) -> Bool {
        certificateAuthorities.contains(Self.key(namespace, secret))
    }

    /// Bytes that name an object: no name has a slash in it.
    private static func key(_ namespace: String, _ name: String) -> [UInt8] {
        namespace.utf8 + [UInt8(ascii: "/")] + name.utf8
    }
}

extension AdmissionReview {
    /// The object as a whole, when the request creates or updates it.
    fileprivate var changedObject: JSONValue? {
        guard operation == .create || operation == .update, !hasSubResource else { return nil }
        return object
    }

    /// Whether the request updates an object that was under deletion already, so that a finalizer may go.
    ///
    /// Only the object before is asked: what the new one says of itself is what somebody has written.
    fileprivate var isOfDeletion: Bool {
        guard operation == .update, let oldObject else { return false }
        return (try? ObjectMeta(of: oldObject).isUnderDeletion) ?? false
    }
}
