import Kubernetes

/// Finds a `provider: azure` that would send the cluster's Entra token where it must not go.
enum TokenExposureRule {
    static func findings(in subject: Subject) -> [Finding] {
        guard subject.provider == .azure else { return [] }
        let problem: String
        let brief: String
        if subject.url.isMalformed {
            problem = "the URL is malformed, so nobody can say which host would get it"
            brief = "the Entra token would go to a malformed URL"
        } else if !subject.isTrustedHost {
            problem = "the host is none of the Azure DevOps hosts that the policy trusts with it"
            brief = "the Entra token would go to an untrusted host"
        } else if subject.url.scheme != .https {
            problem = "the URL is not https, so it would travel in clear or not at all"
            brief = "the Entra token goes over https only"
        } else {
            return []
        }
        let fix =
            subject.url.azureDevOpsHTTPS.map { "set spec.url: \($0)" }
            ?? "set spec.url to https://dev.azure.com/ORGANISATION/PROJECT/_git/REPOSITORY, or remove "
            + "spec.provider"
        return [
            Finding(
                .tokenExposure,
                "spec.url",
                message: "provider azure would send the Entra token of the cluster to "
                    + "\(subject.url.redacted): \(problem).",
                fix: fix,
                brief: brief,
                evidence: Evidence([Array(subject.repository.url.utf8)], items: subject.submodules)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "provider: azure with a URL that is not https, or whose host the policy does not trust.",
        why: """
            With provider azure, source-controller sends the cluster's Entra token to whatever host the URL names; \
            it checks nothing. Whoever may create a GitRepository could point it at a host of their own and \
            collect a token for all of the organisation's repositories.
            """,
        bad: """
            spec:
              url: https://git.example.net/contoso/fleet
              provider: azure
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: """
            A host that is yours to trust belongs in the policy:

            azureDevOpsHosts: [dev.azure.com, "*.visualstudio.com", git.contoso.com]

            For one object, for a while:

            \(RuleName.tokenExposure.exemptionExample)
            """
    )
}
