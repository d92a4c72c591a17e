import ArgumentParser
import Sockets

/// The command line.
@main
struct Patless: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "No static Git credential in any cluster that runs Flux on Azure.",
        discussion: """
            patless serves two admission webhooks: one gives Flux's source-controller its Azure workload \
            identity, the other refuses GitRepository objects that reference a static credential. The same rules work in \
            a Git repository and on a terminal:

              patless scan                  find credentials in manifests, or with --cluster in a cluster
              patless fix --diff            see what would be rewritten to workload identity
              patless doctor                look at the whole chain in a cluster
              patless explain secret-ref    why, and what to write instead

            Completions: patless --generate-completion-script bash > /etc/bash_completion.d/patless (or zsh, or fish).
            """,
        version: Version.text,
        subcommands: [
            Serve.self, ProbeCommand.self, Review.self, ScanCommand.self, FixCommand.self, DoctorCommand.self,
            ExportCommand.self,
            Explain.self,
            AuditCommand.self, AzureCommand.self, Config.self, ShowVersion.self,
        ]
    )

    static func main() {
        main(Environment.arguments)
    }
}

/// An end without success that was explained: one line for people, and a status for scripts.
struct Failure: Error, CustomStringConvertible {
    let description: String

    /// Runs `body`; what it throws is told on standard error, and the process ends with status 2.
    static func explained<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            Console.error("patless: \(error)")
            throw ExitCode(2)
        }
    }
}
