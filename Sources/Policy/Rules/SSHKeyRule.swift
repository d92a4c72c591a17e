import Kubernetes

/// Finds an `ssh://` URL without a Secret: it waits for a private key.
enum SSHKeyRule {
    static func findings(in subject: Subject) -> [Finding] {
        // With a Secret, `secret-ref` speaks, and names the https form.
        guard subject.url.scheme == .ssh, subject.repository.secretName == nil else { return [] }
        return [
            Finding(
                .sshKey,
                "spec.url",
                message: "\(subject.url.redacted) is ssh, which Flux cannot fetch without a private key in "
                    + "a Secret.",
                fix: subject.url.azureDevOpsHTTPS.map { "set spec.provider: azure and spec.url: \($0)" }
                    ?? "use the https URL of the repository",
                brief: "ssh needs a stored private key; use https",
                evidence: Evidence(subject.repository.url)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "An ssh:// URL without a secretRef, which cannot work without a stored private key.",
        why: """
            Flux has no SSH without a private key in a Secret, and workload identity works over https only. The \
            next step of whoever wrote this URL is to store a key, so the https form is named now.
            """,
        bad: """
            spec:
              url: ssh://git@ssh.dev.azure.com/v3/contoso/platform/fleet
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.sshKey.exemptionExample
    )
}
