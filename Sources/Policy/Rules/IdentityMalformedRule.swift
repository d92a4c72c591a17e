import Kubernetes

/// Finds ids that are no GUIDs and token lifetimes that azure-workload-identity refuses.
enum IdentityMalformedRule {
    /// An annotation that must be a GUID; nobody else checks it.
    static func finding(id value: String, at field: String) -> Finding? {
        guard !WorkloadIdentity.isGUID(value) else { return nil }
        return Finding(
            .identityMalformed,
            field,
            message: "is no GUID, so no token can be had with it; pods start all the same and fail later.",
            fix: "set it to the id of the managed identity, such as 11111111-2222-3333-4444-555555555555",
            brief: "is no GUID, so no token can be had with it",
            evidence: Evidence(field, value)
        )
    }

    /// The lifetime that `annotations` ask of a token.
    static func finding(
        tokenExpirationIn annotations: StringMap,
        of owner: String
    ) throws(ReviewError) -> Finding? {
        // azure-workload-identity takes an empty one for none.
        guard let value = try annotations[WorkloadIdentity.tokenExpiration], !value.isEmpty else {
            return nil
        }
        let range = WorkloadIdentity.tokenExpirations
        guard !(Int(value).map(range.contains) ?? false) else { return nil }
        let field = "\(owner).annotations[\(WorkloadIdentity.tokenExpiration)]"
        return Finding(
            .identityMalformed,
            field,
            message: "is no number from \(range.lowerBound) to \(range.upperBound), so that "
                + "azure-workload-identity refuses the pods.",
            fix: "set it to \"3600\", or remove it",
            brief: "is no number from \(range.lowerBound) to \(range.upperBound)",
            evidence: Evidence(field, value)
        )
    }

    static let documentation = RuleDocumentation(
        summary: "An id that is no GUID, or a token expiration outside 3600 to 86400 seconds.",
        why: """
            azure-workload-identity checks neither id: the pod starts and the first sign-in fails. It refuses pods \
            with a token expiration out of range, long after whoever wrote it has left.
            """,
        bad: """
            metadata:
              annotations:
                azure.workload.identity/client-id: my-identity
                azure.workload.identity/service-account-token-expiration: "600"
            """,
        good: """
            metadata:
              annotations:
                azure.workload.identity/client-id: 11111111-2222-3333-4444-555555555555
                azure.workload.identity/service-account-token-expiration: "3600"
            """,
        exemption: RuleName.identityMalformed.exemptionExample
    )
}
