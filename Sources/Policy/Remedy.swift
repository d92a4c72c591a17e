package import Kubernetes

/// What a GitRepository has to say so that it is fetched with workload identity: `provider: azure`, and this.
package struct Remedy: Sendable, Equatable {
    /// The URL, which may be what it was.
    package let url: String
    /// Whether `secretRef` goes; one to a certificate authority stays.
    package let removesSecret: Bool
}

extension Evaluator {
    /// How a machine can mend what the policy finds on `repository`; nil when there is nothing that it could.
    ///
    /// What an exemption lets pass stays as it is, and so does what another provider signs in to.
    package func remedy(for repository: GitRepository, in namespace: String = "", at now: Int) -> Remedy? {
        let namespace = namespace.isEmpty ? repository.metadata.namespace : namespace
        let isBroken = judge(repository, in: namespace, at: now).judgements.contains { judgement in
            judgement.exemption == nil && Self.mendable.contains(judgement.finding.rule)
        }
        let provider = Subject.Provider(repository.provider)
        guard isBroken, provider == .generic || provider == .azure,
            let url = RepositoryURL(repository.url).azureDevOpsHTTPS
                ?? RepositoryURL.withoutUserInfo(repository.url),
            isTrusted(RepositoryURL(url).host)
        else { return nil }
        let secret = repository.secretName
        return Remedy(
            url: url,
            removesSecret: secret.map { !isCertificateAuthority($0, in: namespace) } ?? false
        )
    }

    /// The rules that workload identity settles.
    private static let mendable: Set<RuleName> = [
        .secretRef, .urlCredentials, .tokenExposure, .sshKey, .providerMissing,
    ]
}
