import ArgumentParser
import Export
import Policy
import Sockets

/// `patless export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the policy as admission policies that the API server decides itself.",
        discussion: """
            A net under the webhook, for when no replica answers, or for clusters that take no webhook.

              patless export vap --config policy.yaml | kubectl apply -f -
              patless export map --config policy.yaml | kubectl apply -f -

            The chart does the same with --set admissionPolicies.enabled=true.
            """,
        subcommands: [Validating.self, Mutating.self]
    )

    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The policy file; without one, every rule has its default mode.",
                valueName: "file"
            ),
            completion: .file()
        )
        var config: String?

        @Option(
            help: ArgumentHelp("What the installation is called; names begin with it.", valueName: "name")
        )
        var name = "patless"

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("The installation's namespace, which is left out.", valueName: "name")
        )
        var namespace = "patless"

        var release: Release { Release(name: name, namespace: namespace) }
    }

    /// `patless export vap`.
    struct Validating: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vap",
            abstract: "Print ValidatingAdmissionPolicies (Kubernetes 1.30 and later) with their bindings.",
            discussion: """
                One for each mode of rules: deny, warn, audit. What CEL cannot say is in the comment that they begin with.

                  patless export vap --config policy.yaml --other-kinds > policies.yaml
                """
        )

        @OptionGroup var options: Options

        @Flag(help: "Look at OCIRepositories, HelmRepositories, Buckets and Flux' other kinds, too.")
        var otherKinds = false

        func run() throws {
            let policy = try Failure.explained { try PolicySource.policy(at: options.config) }
            let today = Day(at: Clock.wall / 1_000_000_000)
            let policies = AdmissionPolicies(
                policy,
                options.release,
                on: today,
                hasOtherKinds: otherKinds
            )
            Console.write(Array(policies.yaml.utf8))
        }
    }

    /// `patless export map`.
    struct Mutating: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "map",
            abstract: "Print MutatingAdmissionPolicies (Kubernetes 1.34 and later) with their bindings.",
            discussion: """
                One for each ServiceAccount and each Deployment of the policy's identities.

                  patless export map --config policy.yaml --kubernetes 1.34
                """
        )

        @OptionGroup var options: Options

        @Option(
            help: ArgumentHelp(
                "The cluster's version: before 1.36 the kind is v1beta1.",
                valueName: "version"
            )
        )
        var kubernetes = "1.36"

        func validate() throws {
            guard minor >= 34 else {
                throw ValidationError(
                    "Kubernetes \(kubernetes) has no MutatingAdmissionPolicy that is on by default: name 1.34 or later"
                )
            }
        }

        private var minor: Int {
            let parts = kubernetes.drop { $0 == "v" }.split(separator: ".")
            return parts.count > 1 && parts[0] == "1" ? Int(parts[1]) ?? 0 : 0
        }

        func run() throws {
            let policy = try Failure.explained { try PolicySource.policy(at: options.config) }
            guard !policy.identities.isEmpty else {
                Console.error("patless: the policy has no identities, so there is nothing to mutate")
                throw ExitCode(2)
            }
            let version = minor >= 36 ? "v1" : "v1beta1"
            Console.write(Array(IdentityPolicies(policy, options.release, version: version).yaml.utf8))
        }
    }
}
