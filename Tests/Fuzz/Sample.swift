import Policy

/// A policy in which every part has something.
enum Sample {
    static let policy: Policy = {
        var policy = Policy()
        policy.identities = [
            Identity(
                namespace: "flux-system",
                serviceAccount: "source-controller",
                deployment: "source-controller",
                clientID: "11111111-2222-3333-4444-555555555555",
                tenantID: "66666666-7777-8888-9999-000000000000",
                onConflict: .keep
            )
        ]
        policy.certificateAuthoritySecrets = [ObjectReference(namespace: "apps", name: "corp-ca")]
        return policy
    }()
}
