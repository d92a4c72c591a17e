import Cluster
import JSON

/// Whether azure-workload-identity's webhook is there, which injects tokens into pods that ask for them.
enum InjectorCheck {
    /// Its name, with the AKS add-on and with its own chart alike.
    private static let name = "azure-wi-webhook-mutating-webhook-configuration"
    private static let install =
        "az aks update --enable-oidc-issuer --enable-workload-identity --resource-group RG --name CLUSTER; elsewhere: helm "
        + "install workload-identity-webhook azure-workload-identity/workload-identity-webhook -n azure-workload-"
        + "identity-system --create-namespace --set azureTenantID=TENANT_ID"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard let configuration = try patient.server.find(.get(.mutatingWebhooks, nil, name)) else {
            return [
                .fail(
                    "injector",
                    "azure-workload-identity's webhook is not registered, so no pod gets a token",
                    mend: install
                )
            ]
        }
        let webhook = configuration["webhooks"]?.elements.first { _ in true }
        guard let service = webhook?["clientConfig"]?["service"],
            let namespace = service["namespace"]?.string,
            let serviceName = service["name"]?.string
        else { return [.ok("injector", "azure-workload-identity's webhook is registered")] }
        guard try !patient.readyAddresses(behind: serviceName, in: namespace).isEmpty else {
            return [
                .fail(
                    "injector",
                    "no ready pod is behind azure-workload-identity's webhook (\(namespace)/\(serviceName)): pods that "
                        + "ask for an identity cannot be created",
                    mend: "kubectl -n \(namespace) get pods -l azure-workload-identity.io/system=true"
                )
            ]
        }
        return [.ok("injector", "azure-workload-identity's webhook is registered and has ready pods")]
    }
}
