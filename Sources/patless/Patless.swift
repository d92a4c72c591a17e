import ArgumentParser
import Sockets

/// The command line.
@main
struct Patless: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "No static Git credential in any cluster that runs Flux on Azure.",
        discussion: """
            patless serves two admission webhooks: one gives Flux's source-controller its Azure workload \
            identity, the other refuses GitRepository objects that reference a static credential.
            """,
        version: Version.text,
        subcommands: [
            Serve.self, ProbeCommand.self, Review.self, ScanCommand.self, FixCommand.self, DoctorCommand.self,
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
