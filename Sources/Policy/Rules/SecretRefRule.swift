import Kubernetes

/// Finds `spec.secretRef`: a credential that is stored in the cluster.
enum SecretRefRule {
    static func findings(in subject: Subject) -> [Finding] {
        // With provider github, `github-app-key` speaks instead.
        guard let secret = subject.repository.secretName, !subject.isCertificateAuthority,
            subject.provider != .github
        else { return [] }
        let what = secret.isEmpty ? "names a Secret" : "names the Secret \(Shown.name(secret))"
        let why =
            subject.provider == .azure
            ? "provider azure needs none: a password in it is ignored, but a key or client certificate is used"
            : "a static Git credential that anybody who reads the Secret can use until it is revoked"
        return [
            Finding(
                .secretRef,
                "spec.secretRef",
                message: "\(what): \(why).",
                fix: subject.provider == .azure && subject.url.scheme == .https
                    ? "remove spec.secretRef" : subject.keylessFix,
                brief: "static credential; \(subject.keylessBrief)",
                evidence: subject.evidence(of: secret)
            )
        ]
    }

    static let documentation = RuleDocumentation(
        summary: "A GitRepository refers to a Secret (spec.secretRef): a stored Git credential.",
        why: """
            A personal access token, password or SSH key in a Secret is copied into etcd, its backups and every \
            tool that may read Secrets. It works from anywhere until somebody revokes it, and the cluster stops \
            syncing on the day it expires. With workload identity there is nothing to copy and nothing to rotate.
            """,
        bad: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              secretRef:
                name: git-pat
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: """
            A Secret that holds a certificate authority (ca.crt) and nothing else is no credential over https; list it:

            certificateAuthoritySecrets:
              - {namespace: apps, name: corp-ca}

            For anything else, for a while:

            \(RuleName.secretRef.exemptionExample)
            """
    )
}
