import Kubernetes

/// Finds static credentials in the environment of a controller, which win over its workload identity.
package enum ControllerCredentialRule {
    /// The variables by which Azure's SDK takes a static credential before it asks for a workload identity.
    package static let names = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD"]

    static func findings(in deployment: Deployment) -> [Finding] {
        deployment.environment.compactMap { variable in
            guard let name = names.first(where: { $0.utf8.elementsEqual(variable.name.utf8) }) else {
                return nil
            }
            return Finding(
                .controllerCredential,
                variable.path,
                message: "sets \(name): the Azure SDK takes that static credential and never gets to the "
                    + "workload identity.",
                fix: "remove the variable, and the Secret that it comes from",
                brief: "\(name) wins over the workload identity; remove it",
                evidence: Evidence([name, variable.container, variable.value] + variable.source)
            )
        }
    }

    static let documentation = RuleDocumentation(
        summary: "A Deployment sets AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_PASSWORD.",
        why: """
            The Azure SDK asks its environment first: with one of these set, the controller signs in with a static \
            credential, however well the workload identity is configured, and no error says so. Only env is looked at: what comes \
            by envFrom, from a whole Secret or ConfigMap, is not seen.
            """,
        bad: """
            env:
              - name: AZURE_CLIENT_SECRET
                valueFrom:
                  secretKeyRef: {name: azure, key: secret}
            """,
        good: """
            env: []   # azure-workload-identity adds AZURE_CLIENT_ID and the token file itself
            """,
        exemption: RuleName.controllerCredential.exemptionExample
    )
}
