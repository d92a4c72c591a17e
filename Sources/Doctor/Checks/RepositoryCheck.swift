import Cluster
import JSON
import Kubernetes
import Policy

/// Whether the GitRepositories that use workload identity are fetched; if not, what their messages mean.
enum RepositoryCheck {
    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard let resource = try patient.server.resource("gitrepositories", in: GitRepository.group) else {
            return []
        }
        var ready = 0
        var diagnoses: [Diagnosis] = []
        try patient.server.forEach(resource) { object in
            guard let repository = try? GitRepository(object), repository.provider == "azure" else { return }
            let conditions = object["status"]?["conditions"]
            let condition = conditions?.elements.first { $0["type"]?.equals("Ready") == true }
            if condition?["status"]?.equals("True") == true {
                ready += 1
            } else if let condition, condition["status"]?.equals("False") == true {
                diagnoses.append(diagnosis(of: condition, repository, patient))
            } else {
                let metadata = repository.metadata
                diagnoses.append(
                    .warn(
                        "repositories",
                        "GitRepository \(metadata.namespace)/\(metadata.name) has not been fetched yet",
                        mend: "kubectl -n \(metadata.namespace) describe gitrepository \(metadata.name)"
                    )
                )
            }
        }
        if ready > 0 {
            diagnoses.insert(
                .ok(
                    "repositories",
                    "\(ready) GitRepositor\(ready == 1 ? "y" : "ies") fetched with workload identity"
                ),
                at: 0
            )
        }
        if diagnoses.isEmpty {
            diagnoses.append(
                .warn(
                    "repositories",
                    "no GitRepository has been fetched with workload identity yet",
                    mend: "patless fix rewrites manifests to provider: azure"
                )
            )
        }
        return diagnoses
    }

    private static func diagnosis(
        of condition: JSONValue,
        _ repository: GitRepository,
        _ patient: Patient
    ) -> Diagnosis {
        let metadata = repository.metadata
        let what = "GitRepository \(metadata.namespace)/\(metadata.name)"
        let said = condition["message"]?.string ?? ""
        guard let known = KnownError.all.first(where: { error in error.marks.contains { said.contains($0) } })
        else {
            // Whatever it says may repeat a URL: it is the controller's to show, not ours.
            return .fail(
                "repositories",
                "\(what) is not fetched (\(condition["reason"]?.string ?? "no reason given"))",
                mend: "kubectl -n \(metadata.namespace) describe gitrepository \(metadata.name)"
            )
        }
        return .fail("repositories", "\(what) is not fetched: \(known.meaning)", mend: known.mend)
    }
}
