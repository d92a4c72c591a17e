/// A message of Entra, Azure DevOps or source-controller, and what it means for who reads it.
///
/// Sources: azure-workload-identity's troubleshooting guide and faq, Azure DevOps' page on service principals, and
/// source-controller's own errors (gitrepository_controller.go).
struct KnownError {
    /// The first of the table whose mark is in the message is meant.
    let marks: [String]
    let meaning: String
    let mend: String

    static let all = [
        KnownError(
            marks: ["AADSTS70021"],
            meaning:
                "Entra knows no federated credential for this cluster's issuer and the controller's account "
                + "(AADSTS70021); a new one takes a few minutes",
            mend:
                "compare: az identity federated-credential list --identity-name IDENTITY --resource-group RG; the subject is "
                + "system:serviceaccount:flux-system:source-controller, the issuer exact to its last slash"
        ),
        KnownError(
            marks: ["AADSTS700016", "AADSTS700024"],
            meaning: "Entra does not know this client id in this tenant, or the token was too old",
            mend:
                "kubectl -n flux-system get serviceaccount source-controller -o yaml, and compare client-id and tenant-id "
                + "with: az identity show; then kubectl -n flux-system rollout restart deployment source-controller"
        ),
        KnownError(
            marks: ["AADSTS90061", "AADSTS50166"],
            meaning: "Entra cannot reach the cluster's OIDC issuer",
            mend: "az aks update --enable-oidc-issuer --resource-group RG --name CLUSTER"
        ),
        KnownError(
            marks: ["AADSTS"],
            meaning: "Entra refuses the token",
            mend:
                "look the AADSTS number up at https://login.microsoftonline.com/error, in: kubectl describe gitrepository"
        ),
        KnownError(
            marks: ["TF401019"],
            meaning:
                "Azure DevOps says that the repository does not exist or that the identity may not read it (TF401019): it "
                + "needs at least a Basic licence (with Stakeholder it sees nothing) and Readers in the project",
            mend:
                "https://dev.azure.com/ORGANISATION/_settings/users: access level Basic, project Readers (patless azure steps)"
        ),
        KnownError(
            marks: ["TF401444"],
            meaning: "the identity is no user of the Azure DevOps organisation (TF401444)",
            mend:
                "add it by its principal id at https://dev.azure.com/ORGANISATION/_settings/users (patless azure steps)"
        ),
        KnownError(
            marks: ["VS800075"],
            meaning: "Azure DevOps does not know the project, or the identity may not see it",
            mend: "check spec.url, and add the identity to the project's Readers (patless azure steps)"
        ),
        KnownError(
            marks: ["ManagedIdentityCredential", "missing environment variables for workload identity"],
            meaning:
                "the controller has no workload identity and tried the node's instead: its pod was given no token",
            mend:
                "kubectl -n flux-system rollout restart deployment source-controller, once account, deployment and injector "
                + "above are well"
        ),
        KnownError(
            marks: ["feature gate", "FeatureGateDisabled"],
            meaning:
                "spec.serviceAccountName needs the controller's feature gate ObjectLevelWorkloadIdentity",
            mend: "remove spec.serviceAccountName, or start source-controller with "
                + "--feature-gates=ObjectLevelWorkloadIdentity=true"
        ),
        KnownError(
            marks: ["basic auth and provider cannot be set", "basic auth and bearer token cannot be set"],
            meaning: "this version of source-controller takes no user name beside a provider",
            mend: "patless fix removes the user name from spec.url and the secretRef"
        ),
        KnownError(
            marks: ["failed to get secret"],
            meaning: "it refers to a Secret that is not there, though provider azure needs none",
            mend: "patless fix removes spec.secretRef"
        ),
        KnownError(
            marks: ["authentication required", "authorization failed", "Unauthorized"],
            meaning: "Azure DevOps refuses the identity",
            mend:
                "patless azure steps: the identity must be a user with Basic and Readers, in an organisation of its tenant"
        ),
    ]
}
