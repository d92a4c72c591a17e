import ArgumentParser

/// Which cluster a command speaks to.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig; without one, that of KUBECONFIG or ~/.kube/config, and in a pod its own cluster.",
            valueName: "file"
        )
    )
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The context of the kubeconfig, if not its current one.", valueName: "name"))
    var context: String?
}
