import Cluster
import JSON
import Kubernetes
import Policy

/// Whether each controller's pod template asks for the identity, and brings no static credential of its own.
enum DeploymentCheck {
    private static let label = "azure.workload.identity/use"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        var diagnoses: [Diagnosis] = []
        for reference in patient.identities { diagnoses += try diagnose(reference, patient) }
        return diagnoses
    }

    private static func diagnose(
        _ reference: IdentityReference,
        _ patient: Patient
    ) throws(ClusterError) -> [Diagnosis] {
        guard let name = reference.deployment else { return [] }
        let namespace = reference.namespace
        let what = "Deployment \(namespace)/\(name)"
        guard let object = try patient.server.find(.get(.deployments, namespace, name)) else {
            return [
                .fail("deployment", "there is no \(what)", mend: "flux install, or correct policy.identities")
            ]
        }
        let kubectl = "kubectl -n \(namespace)"
        var diagnoses: [Diagnosis] = []
        let labels = object["spec"]?["template"]?["metadata"]?["labels"]
        if labels?[label]?.equals("true") == true {
            diagnoses.append(.ok("deployment", "the pods of \(what) ask for an identity"))
        } else {
            let patch = #"{"spec":{"template":{"metadata":{"labels":{"\#(label)":"true"}}}}}"#
            diagnoses.append(
                .fail(
                    "deployment",
                    "the pod template of \(what) has no label \(label): \"true\", so no token is injected",
                    mend: "\(kubectl) patch deployment \(name) -p '\(patch)'"
                )
            )
        }
        let variables = (try? Deployment(object).environment) ?? []
        let deployment = name
        for name in ControllerCredentialRule.names {
            guard let variable = variables.first(where: { $0.name == name }) else { continue }
            diagnoses.append(
                .fail(
                    "deployment",
                    "\(what) sets \(name) (\(variable.path)), which wins over the workload identity",
                    mend: "\(kubectl) set env deployment \(deployment) \(name)-"
                )
            )
        }
        return diagnoses
    }
}
