/// Finds a value of workload identity that is there already and is another than configured.
enum IdentityConflictRule {
    static func finding(_ setting: IdentitySetting, is value: String, keeping: Bool) -> Finding {
        // A value that is no id may be anything, also a secret that was put in the wrong place.
        let isShown =
            WorkloadIdentity.isGUID(value) || value.utf8.elementsEqual("true".utf8)
            || value.utf8.elementsEqual("false".utf8)
        let shown = isShown ? value : "another value"
        return Finding(
            .identityConflict,
            setting.field,
            message: "is \(shown), while the policy says \(setting.value)\(keeping ? "; it is kept" : "").",
            fix: "set it to \(setting.value), or remove it and patless sets it, or change the "
                + "identity in the policy",
            brief: "is not what the policy says\(keeping ? ", and is kept" : "")",
            evidence: Evidence(setting.field, value)
        )
    }

    static let documentation = RuleDocumentation(
        summary: "A ServiceAccount or pod template carries another workload identity than the policy says.",
        why: """
            Something else manages the same annotation, a Helm chart or the AKS extension for one, and the \
            controller signs in as somebody nobody expects, or not at all. What becomes of the value, the \
            identity's onConflict says: keep (the default), overwrite or deny. Client id and tenant id are one: beside \
            one that is kept, the other is not added.
            """,
        bad: """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: source-controller
              namespace: flux-system
              annotations:
                azure.workload.identity/client-id: 99999999-9999-9999-9999-999999999999
            """,
        good: """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: source-controller
              namespace: flux-system
              annotations:
                azure.workload.identity/client-id: 11111111-2222-3333-4444-555555555555
            """,
        exemption: RuleName.identityConflict.exemptionExample
    )
}
