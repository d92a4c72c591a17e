import ArgumentParser
import Kubernetes
import Policy

/// What the Azure side is called, by flags or by a policy file; flags win.
struct AzureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A policy file, whose `azure` says what no flag says here.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(help: ArgumentHelp("The cluster's resource group.", valueName: "name"))
    var resourceGroup: String?

    @Option(help: ArgumentHelp("The AKS cluster.", valueName: "name"))
    var cluster: String?

    @Option(
        help: ArgumentHelp(
            "The repository: https://dev.azure.com/ORGANISATION/PROJECT/_git/REPOSITORY.",
            valueName: "url"
        )
    )
    var url: String?

    @Option(help: ArgumentHelp("The branch that is pulled (default: main).", valueName: "name"))
    var branch: String?

    @Option(help: ArgumentHelp("The Flux configuration (default: cluster-config).", valueName: "name"))
    var configuration: String?

    @Option(
        help: ArgumentHelp(
            "The managed identity that is made for source-controller (default: flux-source-controller).",
            valueName: "name"
        )
    )
    var identity: String?

    @Option(
        help: ArgumentHelp("The namespace of the GitRepository (default: cluster-config).", valueName: "name")
    )
    var namespace: String?

    @Option(
        help: ArgumentHelp("The folder of the repository that is applied (default: ./).", valueName: "folder")
    )
    var path: String?

    func deployment() throws -> AzureDeployment {
        let names = try config.map { try PolicySource.policy(at: $0).azure } ?? AzureNames()
        func required(_ flag: String?, _ named: String?, _ name: String) throws -> String {
            guard let value = flag ?? named else {
                throw Failure(
                    description:
                        "--\(name) is missing; name it here, or in `azure` of a policy file (--config)"
                )
            }
            return value
        }
        return try AzureDeployment(
            resourceGroup: required(resourceGroup, names.resourceGroup, "resource-group"),
            cluster: required(cluster, names.cluster, "cluster"),
            url: required(url, names.url, "url"),
            branch: branch ?? names.branch ?? "main",
            configuration: configuration ?? names.configuration ?? "cluster-config",
            identity: identity ?? names.identity ?? "flux-source-controller",
            namespace: namespace ?? names.namespace ?? "cluster-config",
            path: path ?? names.path ?? "./"
        )
    }
}

/// A deployment of the template: its parameters, checked.
struct AzureDeployment {
    let resourceGroup: String
    let cluster: String
    let url: String
    let branch: String
    let configuration: String
    let identity: String
    let namespace: String
    let path: String

    init(
        resourceGroup: String,
        cluster: String,
        url: String,
        branch: String,
        configuration: String,
        identity: String,
        namespace: String,
        path: String
    ) throws {
        self.resourceGroup = resourceGroup
        self.cluster = cluster
        self.url = url
        self.branch = branch
        self.configuration = configuration
        self.identity = identity
        self.namespace = namespace
        self.path = path
        let values = [resourceGroup, cluster, url, branch, configuration, identity, namespace, path]
        guard !values.contains(where: { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } }) else {
            throw Failure(description: "a value has a control character in it")
        }
        let parsed = RepositoryURL(url)
        guard let wanted = parsed.azureDevOpsHTTPS, parsed.password.isEmpty else {
            throw Failure(
                description:
                    "--url must be a repository of Azure DevOps, without a credential, and not \(parsed.redacted)"
            )
        }
        guard wanted == url else {
            throw Failure(
                description: "--url must be in the form that workload identity works with: \(wanted)"
            )
        }
        guard configuration.count + "apps".count <= 62 else {
            throw Failure(description: "--configuration must have 58 characters at most")
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
