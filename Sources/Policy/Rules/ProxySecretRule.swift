import Kubernetes

/// Finds `spec.proxySecretRef`, which may hold a proxy's password.
enum ProxySecretRule {
    static func findings(in subject: Subject) -> [Finding] {
        guard let secret = subject.repository.proxySecretName else { return [] }
        let what = secret.isEmpty ? "names a Secret" : "names the Secret \(Shown.name(secret))"
        return [
            Finding(
                .proxySecret,
                "spec.proxySecretRef",
                message: "\(what), which may hold the user name and password of a proxy.",
                fix: "set HTTPS_PROXY and NO_PROXY on the source-controller Deployment, with a proxy that "
                    + "asks for no password, and remove spec.proxySecretRef",
                brief: "may hold a password; use HTTPS_PROXY",
                // The Secret says itself to which proxy it is sent, wherever the repository is.
                evidence: Evidence(secret)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "A GitRepository refers to a proxy's Secret (spec.proxySecretRef).",
        why: """
            The Secret may hold a proxy's user name and password: a static credential, though not one for Git. If \
            it holds an address only, there is no harm in it.
            """,
        bad: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
              proxySecretRef:
                name: corporate-proxy
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.proxySecret.exemptionExample
    )
}
