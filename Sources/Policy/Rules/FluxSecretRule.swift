import JSON
import Kubernetes

/// Finds stored credentials that Flux objects other than GitRepositories refer to.
enum FluxSecretRule {
    /// What is found on an object of this kind; `isCertificateAuthority` says whether a Secret holds nothing but one.
    static func findings(
        in object: JSONValue,
        _ kind: FluxKind,
        isCertificateAuthority: (String) -> Bool
    ) throws(ReviewError) -> [Finding] {
        guard let spec = try object.object("spec", "spec") else { return [] }
        var findings: [Finding] = []
        for reference in kind.references {
            guard let secret = try name(at: reference.path[...], in: object),
                try reference.counts(spec), !isCertificateAuthority(secret)
            else { continue }
            let what = secret.isEmpty ? "names a Secret" : "names the Secret \(Shown.name(secret))"
            findings.append(
                Finding(
                    reference.rule,
                    reference.field,
                    message: "\(what): \(reference.holds).",
                    fix: reference.fix,
                    brief: reference.rule == .proxySecret
                        ? "may hold a password; use HTTPS_PROXY" : "stored credential; use workload identity",
                    evidence: Evidence(
                        [reference.field, secret] + (try destination(of: spec)),
                        items: try exposure(of: spec)
                    )
                )
            )
        }
        return findings
    }

    /// The Secret's name, empty when the reference has none; nil without a reference.
    private static func name(at path: ArraySlice<String>, in object: JSONValue) throws(ReviewError) -> String?
    {
        var value = object
        for (number, key) in path.enumerated() {
            let field = path.prefix(number + 1).joined(separator: ".")
            let isLast = number == path.count - 1
            guard !(isLast && key.hasSuffix("Secret")) else { return try value.text(key, field)?.string }
            guard let next = try value.object(key, field) else { return nil }
            value = next
        }
        return try value.text("name", path.joined(separator: ".") + ".name")?.string ?? ""
    }

    /// Where the credential is sent, and as whose: another place makes another finding of it.
    private static func destination(of spec: JSONValue) throws(ReviewError) -> [String] {
        var places: [String] = []
        for key in ["url", "endpoint", "image", "address", "type", "provider"] {
            places.append(try spec.text(key, "spec.\(key)")?.string ?? "")
        }
        for (key, name) in [
            ("sync", "url"), ("sts", "endpoint"), ("distribution", "registry"), ("distribution", "artifact"),
        ] {
            let part = try spec.object(key, "spec.\(key)")
            places.append(try part?.text(name, "spec.\(key).\(name)")?.string ?? "")
        }
        return places
    }

    /// What makes a credential go further than it must: in clear, or to hosts that others name.
    private static func exposure(of spec: JSONValue) throws(ReviewError) -> [String] {
        var flags: [String] = []
        for flag in ["insecure", "passCredentials"] where try spec.flag(flag, "spec.\(flag)") {
            flags.append(flag)
        }
        return flags
    }

    static let documentation = RuleDocumentation(
        summary: "A Flux object other than a GitRepository refers to a stored credential.",
        why: """
            OCIRepository, HelmRepository, Bucket, ImageRepository, Provider, Receiver and FluxInstance can hold a login \
            to a registry, a key to a bucket or a token to a Git host in a Secret: as static as one for Git. What only \
            holds a certificate authority (certSecretRef) or public keys (verify) is none, and neither is a Secret that \
            the controller does not read because a provider is set.
            """,
        bad: """
            kind: OCIRepository
            spec:
              url: oci://contoso.azurecr.io/manifests
              secretRef:
                name: registry-login
            """,
        good: """
            kind: OCIRepository
            spec:
              url: oci://contoso.azurecr.io/manifests
              provider: azure
            """,
        exemption: RuleName.fluxSecret.exemptionExample
    )
}
