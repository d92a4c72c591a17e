import Cluster
import JSON
import Kubernetes

/// What AKS' microsoft.flux extension makes: its FluxConfigs, each of which makes a GitRepository of its name.
enum ExtensionCheck {
    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        var diagnoses: [Diagnosis] = []
        let account = try patient.server.find(.get(.serviceAccounts, "flux-system", "source-controller"))
        let isExtension =
            account?["metadata"]?["labels"]?["app.kubernetes.io/name"]?.equals("microsoft.flux") == true
        if isExtension {
            diagnoses.append(
                .ok(
                    "extension",
                    "source-controller is that of the microsoft.flux extension, which keeps its settings"
                )
            )
        }
        guard let configurations = try patient.server.resource("fluxconfigs", in: "clusterconfig.azure.com"),
            let repositories = try patient.server.resource("gitrepositories", in: "source.toolkit.fluxcd.io")
        else { return diagnoses }
        var names: [(namespace: String, name: String)] = []
        try patient.server.forEach(configurations) { object in
            let metadata = object["metadata"]
            names.append((metadata?["namespace"]?.string ?? "", metadata?["name"]?.string ?? ""))
        }
        for (namespace, name) in names {
            let what = "FluxConfig \(namespace)/\(name)"
            guard let repository = try patient.server.find(.get(repositories, namespace, name)) else {
                diagnoses.append(
                    .warn(
                        "extension",
                        "\(what) has no GitRepository of its name: it has another kind of source, or the repository was "
                            + "refused",
                        mend: "patless audit list, and in the ARM template set gitRepository.provider: Azure"
                    )
                )
                continue
            }
            let provider = repository["spec"]?["provider"]?.string ?? "generic"
            let url = RepositoryURL(repository["spec"]?["url"]?.string ?? "")
            guard url.azureDevOpsHTTPS != nil else { continue }
            diagnoses.append(
                provider == "azure"
                    ? .ok("extension", "\(what) is fetched with workload identity")
                    : .warn(
                        "extension",
                        "\(what) is fetched with provider \(provider)",
                        mend: "set gitRepository.provider: Azure in the ARM template (patless azure template)"
                    )
            )
        }
        return diagnoses
    }
}
