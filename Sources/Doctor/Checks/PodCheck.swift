import Cluster
import JSON
import Kubernetes
import Policy

/// Whether the running pods of each controller really have what was injected: the variables, and the token that they name.
enum PodCheck {
    private static let audience = "api://AzureADTokenExchange"
    private static let needed = [
        "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST",
    ]

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
        guard let deployment = try patient.server.find(.get(.deployments, namespace, name)),
            let labels = deployment["spec"]?["selector"]?["matchLabels"]
        else { return [] }
        let selector = labels.members.map { "\($0.key.string ?? "")=\($0.value.string ?? "")" }
        var diagnoses: [Diagnosis] = []
        var count = 0
        try patient.server.forEach(.pods, in: namespace, labels: selector.joined(separator: ",")) { object in
            guard let pod = try? Pod(object), pod.isLive else { return }
            count += 1
            guard let problem = problem(with: pod, object, reference) else { return }
            diagnoses.append(
                .fail(
                    "pods",
                    "Pod \(namespace)/\(pod.metadata.name) \(problem)",
                    mend: "kubectl -n \(namespace) rollout restart deployment \(name)"
                )
            )
        }
        if count == 0 {
            return [
                .fail(
                    "pods",
                    "no pod of Deployment \(namespace)/\(name) is running",
                    mend: "kubectl -n \(namespace) describe deployment,replicaset -l app=\(name)"
                )
            ]
        }
        if diagnoses.isEmpty {
            diagnoses.append(
                .ok(
                    "pods",
                    "\(count) pod\(count == 1 ? "" : "s") of \(namespace)/\(name) "
                        + "\(count == 1 ? "has" : "have") the token and the variables"
                )
            )
        }
        return diagnoses
    }

    private static func problem(with pod: Pod, _ object: JSONValue, _ reference: IdentityReference) -> String?
    {
        for name in ControllerCredentialRule.names where pod.environment.contains(where: { $0.name == name })
        {
            return "has \(name), which wins over the workload identity"
        }
        if let identity = reference.identity, let absence = try? IdentityAbsence(of: identity, in: pod) {
            return absence.text
        }
        let missing = needed.filter { name in !pod.environment.contains { $0.name == name } }
        guard missing.isEmpty else { return "has no \(missing.joined(separator: ", "))" }
        let files = pod.environment.filter { $0.name == "AZURE_FEDERATED_TOKEN_FILE" }.map(\.value)
        for file in files where !hasToken(at: file, object) {
            return "has no projected token for \(audience) where AZURE_FEDERATED_TOKEN_FILE says"
        }
        return nil
    }

    /// Whether a container mounts a volume with such a token at `file`; where that is differs from version to version.
    private static func hasToken(at file: String, _ pod: JSONValue) -> Bool {
        guard let spec = pod["spec"], let containers = spec["containers"], let volumes = spec["volumes"]
        else {
            return false
        }
        let tokens = volumes.elements.flatMap { volume -> [(name: String, path: String)] in
            guard let sources = volume["projected"]?["sources"] else { return [] }
            return sources.elements.compactMap { source in
                guard let token = source["serviceAccountToken"], token["audience"]?.equals(audience) == true
                else {
                    return nil
                }
                return (volume["name"]?.string ?? "", token["path"]?.string ?? "")
            }
        }
        return containers.elements.contains { container in
            guard let mounts = container["volumeMounts"] else { return false }
            return mounts.elements.contains { mount in
                let folder = mount["mountPath"]?.string ?? ""
                return tokens.contains { token in
                    mount["name"]?.equals(token.name) == true && "\(folder)/\(token.path)" == file
                }
            }
        }
    }
}
