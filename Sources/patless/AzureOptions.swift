import ArgumentParser
import Kubernetes

/// What the Azure side is called: the parameters of the template.
struct AzureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The cluster's resource group.", valueName: "name"))
    var resourceGroup: String

    @Option(help: ArgumentHelp("The AKS cluster.", valueName: "name"))
    var cluster: String

    @Option(
        help: ArgumentHelp(
            "The repository: https://dev.azure.com/ORGANISATION/PROJECT/_git/REPOSITORY.",
            valueName: "url"
        )
    )
    var url: String

    @Option(help: ArgumentHelp("The branch that is pulled.", valueName: "name"))
    var branch = "main"

    @Option(help: ArgumentHelp("The Flux configuration.", valueName: "name"))
    var configuration = "cluster-config"

    @Option(help: ArgumentHelp("The managed identity that is made for source-controller.", valueName: "name"))
    var identity = "flux-source-controller"

    @Option(help: ArgumentHelp("The namespace of the GitRepository.", valueName: "name"))
    var namespace = "cluster-config"

    @Option(help: ArgumentHelp("The folder of the repository that is applied.", valueName: "folder"))
    var path = "./"

    func validate() throws {
        let parsed = RepositoryURL(url)
        guard let wanted = parsed.azureDevOpsHTTPS, parsed.password.isEmpty else {
            throw ValidationError(
                "--url must be a repository of Azure DevOps, without a credential, and not \(parsed.redacted)."
            )
        }
        guard wanted == url else {
            throw ValidationError("--url must be in the form that workload identity works with: \(wanted)")
        }
        guard configuration.count + "apps".count <= 62 else {
            throw ValidationError("--configuration must have 58 characters at most.")
        }
    }

    /// The parameters by the names that the template has.
    var parameters: [(name: String, value: String)] {
        [
            ("resourceGroupName", resourceGroup), ("clusterName", cluster),
            ("fluxConfigurationName", configuration), ("gitRepositoryUrl", url), ("gitBranch", branch),
            ("fluxIdentityName", identity), ("namespace", namespace), ("kustomizationPath", path),
        ]
    }
}
