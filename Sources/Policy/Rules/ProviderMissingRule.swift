import Kubernetes

/// Finds an Azure DevOps repository that nobody signs in to.
enum ProviderMissingRule {
    static func findings(in subject: Subject) -> [Finding] {
        guard subject.provider == .generic, subject.repository.secretName == nil,
            subject.url.scheme == .https, subject.isTrustedHost
        else { return [] }
        return [
            Finding(
                .providerMissing,
                "spec.provider",
                message: "\(subject.url.redacted) is on Azure DevOps, but without provider azure the "
                    + "workload identity is not used: only a public project can be fetched.",
                fix: "set spec.provider: azure",
                brief: "must be azure for workload identity",
                evidence: Evidence(subject.repository.url)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "An https URL on Azure DevOps with neither provider: azure nor a secretRef.",
        why: """
            An annotated ServiceAccount alone does nothing: source-controller uses the workload identity only for \
            objects that say provider: azure. Without it the fetch fails with "authentication required", unless \
            the project is public.
            """,
        bad: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.providerMissing.exemptionExample
    )
}
