import Cluster

/// Every check, in the order of the chain: from the webhook to the repositories that Flux fetches.
package enum Checkup {
    private typealias Check = @Sendable (Patient) throws(ClusterError) -> [Diagnosis]

    private static let checks: [(link: String, check: Check)] = [
        ("webhook", RegistrationCheck.diagnose), ("trust", TrustCheck.diagnose),
        ("replicas", ReplicaCheck.diagnose), ("enforcement", EnforcementCheck.diagnose),
        ("failing open", FailOpenCheck.diagnose), ("enforcer", EnforcerCheck.diagnose),
        ("account", AccountCheck.diagnose), ("deployment", DeploymentCheck.diagnose),
        ("pods", PodCheck.diagnose), ("injector", InjectorCheck.diagnose), ("issuer", IssuerCheck.diagnose),
        ("extension", ExtensionCheck.diagnose), ("repositories", RepositoryCheck.diagnose),
    ]

    /// Looks at everything; `progress` is told before each check.
    package static func run(_ patient: Patient, progress: (String) -> Void = { _ in }) -> [Diagnosis] {
        checks.flatMap { link, check in
            progress(link)
            do throws(ClusterError) {
                return try check(patient)
            } catch {
                return [
                    Diagnosis(
                        link: link,
                        state: .unknown,
                        detail: "could not be looked at: \(error)",
                        mend: error.status == 403
                            ? "ask as somebody who may read it, for example: az aks get-credentials --admin"
                            : nil
                    )
                ]
            }
        }
    }
}
