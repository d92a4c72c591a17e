/// The Azure workload identity of one controller: who gets it, and which it is.
package struct Identity: Sendable, Equatable {
    package var namespace: String
    package var serviceAccount: String
    /// The Deployment whose pods run as the ServiceAccount; without it no Deployment is touched.
    package var deployment: String?
    /// The managed identity's client id: a GUID.
    package var clientID: String
    /// The Entra tenant's id, a GUID; without it azure-workload-identity uses the cluster's own.
    package var tenantID: String?
    package var onConflict: Conflict = .keep

    package init(
        namespace: String,
        serviceAccount: String,
        deployment: String? = nil,
        clientID: String,
        tenantID: String? = nil,
        onConflict: Conflict = .keep
    ) {
        self.namespace = namespace
        self.serviceAccount = serviceAccount
        self.deployment = deployment
        self.clientID = clientID
        self.tenantID = tenantID
        self.onConflict = onConflict
    }

    /// What becomes of a value that is there already and is another.
    package enum Conflict: String, CaseIterable, Sendable {
        case keep
        case overwrite
        case deny
    }
}
