import ArgumentParser
import Cluster

/// Which cluster a command speaks to.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig; without one, that of KUBECONFIG or ~/.kube/config, and in a pod its own cluster.",
            valueName: "file"
        ),
        completion: .file()
    )
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The context of the kubeconfig, if not its current one.", valueName: "name"))
    var context: String?

    /// The API server, for a command that somebody waits for.
    func server() throws -> APIServer {
        try ClusterSource.server(kubeconfig: kubeconfig, context: context, patience: APIServer.shortPatience)
    }
}
