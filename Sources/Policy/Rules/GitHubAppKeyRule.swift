import Kubernetes

/// Finds the private key of a GitHub App, which `provider: github` always needs.
enum GitHubAppKeyRule {
    static func findings(in subject: Subject) -> [Finding] {
        guard let secret = subject.repository.secretName, subject.provider == .github else { return [] }
        let what = secret.isEmpty ? "names a Secret" : "names the Secret \(Shown.name(secret))"
        return [
            Finding(
                .gitHubAppKey,
                "spec.secretRef",
                message: "\(what) with the private key of a GitHub App, which does not expire; Flux has no "
                    + "way to use GitHub without one.",
                fix: "make the repository public, or mirror it into Azure DevOps and set spec.provider: "
                    + "azure; if neither can be, ask for an exemption with an expiry date",
                brief: "private key, which never expires",
                evidence: subject.evidence(of: secret)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "A GitRepository signs in to GitHub with the private key of a GitHub App.",
        why: """
            The tokens made with the key are short-lived; the key is not. Whoever reads the Secret can make tokens \
            for every repository that the App is installed on. This rule speaks instead of secret-ref, so that \
            GitHub Apps can be allowed on their own: set its mode to warn or off.
            """,
        bad: """
            spec:
              url: https://github.com/contoso/fleet
              provider: github
              secretRef:
                name: github-app
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.gitHubAppKey.exemptionExample
    )
}
