import ArgumentParser
import Cluster
import Webhook

/// `patless probe`.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Call an installation as the API server does, and say what came of it.",
        discussion: """
            Takes the webhook configurations from the cluster, calls the Service that they name from inside the cluster, \
            trusts only whom they trust, and sends a review. Nothing is stored. This is what `helm test` runs.

            Exit status: 0 every webhook answers, 1 one does not, 2 the cluster cannot be asked.

              patless probe --name patless
            """
    )

    @Option(help: ArgumentHelp("What the installation is called.", valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "Its namespace; that of the pod, or of the kubeconfig, without.",
            valueName: "name"
        )
    )
    var namespace: String?

    @OptionGroup
    var cluster: ClusterOptions

    func run() throws {
        let outcomes = try Failure.explained {
            let server = try ClusterSource.server(kubeconfig: cluster.kubeconfig, context: cluster.context)
            let installation = Installation(name: name, namespace: namespace ?? server.namespace) {
                [.validate]
            }
            return Probe(server, installation).run()
        }
        for outcome in outcomes {
            Console.print("\(outcome.isGood ? "ok    " : "FAIL  ")\(outcome.text)")
        }
        guard outcomes.allSatisfy(\.isGood) else { throw ExitCode(1) }
    }
}
