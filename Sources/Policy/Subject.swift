import Kubernetes

/// A GitRepository and what a policy knows about it: all that a rule may look at.
struct Subject {
    let repository: GitRepository
    let provider: Provider
    let url: RepositoryURL
    /// Whether the policy lets the Entra token of the cluster go to the URL's host.
    let isTrustedHost: Bool
    /// Whether the policy says that the Secret holds a certificate authority, and that is read from it.
    ///
    /// It is over https only: over ssh a private key is, and over http the password, in clear.
    let isCertificateAuthority: Bool

    /// Who is asked to authenticate, as far as rules care.
    enum Provider {
        case generic
        case azure
        case github
        case other

        init(_ name: String) {
            let name = name.utf8
            if name.isEmpty || name.elementsEqual("generic".utf8) {
                self = .generic
            } else if name.elementsEqual("azure".utf8) {
                self = .azure
            } else {
                self = name.elementsEqual("github".utf8) ? .github : .other
            }
        }
    }

    /// A Secret, as whom and to where it signs in: what makes one use of it another than the next.
    func evidence(of secret: String) -> Evidence {
        let provider = provider == .generic ? "" : repository.provider
        return Evidence([Array(secret.utf8), Array(provider.utf8), destination], items: submodules)
    }

    /// That credentials go to the hosts of .gitmodules as well, if they do.
    var submodules: [[UInt8]] {
        repository.recurseSubmodules ? [Array("submodules".utf8)] : []
    }

    /// Where the URL leads, whatever its path; the whole of it where nobody can say.
    var destination: [UInt8] {
        url.origin ?? Array(repository.url.utf8)
    }

    /// What to write instead of a stored credential, in a few words.
    var keylessBrief: String {
        guard isTrustedHost || url.azureDevOpsHTTPS != nil else {
            return "make it public or mirror it"
        }
        if provider == .azure, url.scheme == .https { return "provider azure needs none" }
        return url.scheme == .https ? "set provider: azure" : "set provider: azure and an https url"
    }

    /// What to write instead of a stored credential, as concretely as the URL allows.
    var keylessFix: String {
        let removal = repository.secretName == nil ? "" : ", and remove spec.secretRef"
        if let url = url.azureDevOpsHTTPS {
            return "set spec.provider: azure and spec.url: \(url)\(removal)"
        }
        if isTrustedHost {
            return "set spec.provider: azure and an https spec.url without a user name\(removal)"
        }
        return """
            this host takes no workload identity: make the repository public, or mirror it into Azure DevOps \
            and set spec.provider: azure; if neither can be, ask for an exemption with an expiry date
            """
    }
}
