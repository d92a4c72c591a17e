package import Kubernetes

/// Why a running pod does not act as the identity that it should have.
///
/// azure-workload-identity injects a token, and variables that tell where it is, when a pod is created; never later
/// (its mutating webhook, and the variables that Azure's SDKs read).
package enum IdentityAbsence: Sendable, Equatable {
    /// The pod does not ask for an identity, since it is older than the label of the pod template.
    case notAsked
    /// The pod asks for one and got none: azure-workload-identity's webhook did not see it.
    case notInjected
    /// The pod has the token, for another client id: it is older than what the ServiceAccount says.
    case another

    /// Looks for it in a pod; nil when the pod acts as `identity`.
    package init?(of identity: Identity, in pod: Pod) throws(ReviewError) {
        let tokens = pod.environment.filter { $0.name == "AZURE_FEDERATED_TOKEN_FILE" }
        let ids = pod.environment.filter { $0.name == "AZURE_CLIENT_ID" }.map(\.value)
        if tokens.isEmpty {
            self = try pod.labels[WorkloadIdentity.use] == "true" ? .notInjected : .notAsked
        } else if ids.allSatisfy({ WorkloadIdentity.isSame($0, identity.clientID) }), !ids.isEmpty {
            return nil
        } else {
            self = .another
        }
    }

    /// What there is to be said about it.
    package var text: String {
        switch self {
        case .notAsked: "was created before its pod template asked for an identity"
        case .notInjected:
            "asked for an identity and got none: azure-workload-identity's webhook did not see it"
        case .another: "was created before its ServiceAccount had this client id"
        }
    }
}
