import Kubernetes

/// Finds submodules that would be fetched with the cluster's Entra token.
enum SubmoduleTokenRule {
    static func findings(in subject: Subject) -> [Finding] {
        guard subject.provider == .azure, subject.repository.recurseSubmodules else { return [] }
        return [
            Finding(
                .submoduleToken,
                "spec.recurseSubmodules",
                message: "with provider azure the Entra token of the cluster is also sent to every host that "
                    + "the repository's .gitmodules names.",
                fix: "remove spec.recurseSubmodules, and fetch what the submodules hold as GitRepositories "
                    + "under spec.include",
                brief: "their hosts also get the token",
                // Another repository has another .gitmodules.
                evidence: Evidence(subject.repository.url)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "provider: azure with recurseSubmodules: true.",
        why: """
            Submodules are fetched with the same token as the repository itself, from whatever hosts .gitmodules \
            names. Whoever may commit to the repository could send the token to a host of their own.
            """,
        bad: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
              recurseSubmodules: true
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
              include:
                - repository: {name: shared}
                  toPath: shared
            """,
        exemption: RuleName.submoduleToken.exemptionExample
    )
}
