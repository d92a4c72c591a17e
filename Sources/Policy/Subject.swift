import Kubernetes

/// A GitRepository and what a policy knows about it: all that a rule may look at.
struct Subject {
    let repository: GitRepository
    let url: RepositoryURL
    /// Whether the policy lets the Entra token of the cluster go to the URL's host.
    let isTrustedHost: Bool
    /// Whether the policy says that the Secret holds a certificate authority and no credential.
    let isCertificateAuthority: Bool

    func hasProvider(_ name: String) -> Bool {
        repository.provider.utf8.elementsEqual(name.utf8)
    }

    /// Whether no provider is asked to authenticate.
    var isGeneric: Bool {
        repository.provider.isEmpty || hasProvider("generic")
    }

    func hasScheme(_ names: String...) -> Bool {
        names.contains { url.scheme.utf8.elementsEqual($0.utf8) }
    }

    /// What to write instead of a stored credential, as concretely as the URL allows.
    var keylessFix: String {
        if let url = url.azureDevOpsHTTPS {
            return "set spec.provider: azure and spec.url: \(url), and remove spec.secretRef"
        }
        if isTrustedHost {
            return "set spec.provider: azure and an https spec.url without user name, and remove spec.secretRef"
        }
        return """
            this host takes no workload identity: make the repository public, or mirror it into Azure DevOps \
            and set spec.provider: azure; if neither can be, ask for an exemption with an expiry date
            """
    }
}
