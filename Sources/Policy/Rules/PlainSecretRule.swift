import JSON
import Kubernetes

/// Finds credentials for Git that a manifest of a Secret has in plain text.
///
/// Only `scan` and `fix` ask: the webhook is never sent a Secret.
enum PlainSecretRule {
    /// What source-controller signs in with (fluxcd/pkg git/options.go, runtime/secrets).
    private static let credentials = [
        "password", "bearerToken", "identity", "tls.key", "githubAppPrivateKey",
    ]

    static func findings(in secret: JSONValue) throws(ReviewError) -> [Finding] {
        // SOPS keeps its own notes beside what it has encrypted, and may be told to encrypt a part only.
        let isEncrypted = try secret.value("sops") != nil
        var findings: [Finding] = []
        for (field, isEncoded) in [("data", true), ("stringData", false)] {
            guard let data = try secret.object(field, field) else { continue }
            for key in credentials {
                guard let value = try data.text(key, "\(field).\(key)")?.string, !isHollow(value),
                    !(isEncrypted && value.hasPrefix("ENC["))
                else { continue }
                findings.append(finding(key, at: "\(field)[\(key)]", isEncoded, value))
            }
        }
        return findings
    }

    /// Whether it is nothing, or a name that is replaced by the value later.
    private static func isHollow(_ value: String) -> Bool {
        if value.isEmpty { return true }
        return [("${", "}"), ("{{", "}}")].contains { opening, closing in
            value.hasPrefix(opening) && value.hasSuffix(closing)
                && !value.dropFirst(opening.count).dropLast(closing.count).contains("}")
        }
    }

    private static func finding(_ key: String, at field: String, _ isEncoded: Bool, _ value: String)
        -> Finding
    {
        let how = isEncoded ? "in base64, which hides nothing," : "in plain text"
        return Finding(
            .plainSecret,
            field,
            message: "holds a Git credential \(how) for everybody who can read this file or its history.",
            fix:
                "revoke the credential, for deleting it leaves it in the history; set spec.provider: azure on what "
                + "uses it, and delete this Secret",
            brief: "a credential in plain text; revoke and delete it",
            evidence: Evidence(key, value)
        )
    }

    static let documentation = RuleDocumentation(
        summary: "A manifest of a Secret holds the Git credential of a GitRepository in plain text.",
        why: """
            What is committed stays in the history of the repository and in every clone of it: deleting the file does \
            not take it back, only revoking the credential does. Found by `patless scan`, in files that a GitRepository \
            beside them refers to; Secrets that SOPS or a SealedSecret has encrypted are none.
            """,
        bad: """
            kind: Secret
            stringData:
              username: git
              password: TOKEN
            """,
        good: """
            kind: GitRepository
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.plainSecret.exemptionExample
    )
}
