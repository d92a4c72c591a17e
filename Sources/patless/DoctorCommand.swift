import ArgumentParser
import Doctor
import JSON
import Sockets

/// `patless doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the whole chain in a cluster, and say what is wrong and what mends it.",
        discussion: """
            From the webhook that refuses credentials to the token in the controller's pod and the repositories that it \
            fetches. Nothing is changed: what is created is a dry run. It takes rights to read webhook configurations, \
            ServiceAccounts, Deployments, Pods and GitRepositories.

              patless doctor
              patless doctor --context production --name patless
              patless doctor --format json | jq '.checks[] | select(.state == "fail")'

            Exit status: 0 healthy, 1 something is wrong or could not be looked at, 2 there is no cluster to look at.
            """
    )

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("What the installation is called.", valueName: "name"))
    var name = "patless"

    @Option(
        help: ArgumentHelp(
            "The policy file; without one, the policy of the installation.",
            valueName: "file"
        ),
        completion: .file()
    )
    var config: String?

    @Option(help: "How to tell of it.")
    var format = Format.table

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    func run() throws {
        let diagnoses = try Failure.explained {
            let policy = try config.map { try PolicySource.policy(at: $0) }
            let patient = try Patient(cluster.server(), name: name, policy: policy)
            var bar = ProgressBar("Looking, at")
            let diagnoses = Checkup.run(patient) { _ in bar.advance() }
            bar.finish()
            return diagnoses
        }
        switch format {
        case .table: Console.write(Array(Self.table(of: diagnoses).utf8))
        case .json: Console.write(Self.json(of: diagnoses))
        }
        guard Self.isHealthy(diagnoses) else { throw ExitCode(1) }
    }

    private static func isHealthy(_ diagnoses: [Diagnosis]) -> Bool {
        diagnoses.allSatisfy { $0.state == .ok || $0.state == .warn }
    }

    private static func table(of diagnoses: [Diagnosis]) -> String {
        let colours: [Diagnosis.State: String] = [.ok: "32", .warn: "33", .fail: "31", .unknown: "31"]
        let width = diagnoses.map(\.link.count).max() ?? 0
        var text = ""
        for diagnosis in diagnoses {
            let state = diagnosis.state.rawValue
            let mark =
                Console.isColoured ? "\u{1B}[\(colours[diagnosis.state] ?? "0")m\(state)\u{1B}[0m" : state
            let link = diagnosis.link + String(repeating: " ", count: width - diagnosis.link.count)
            let space = String(repeating: " ", count: 9 - state.count)
            text += "\(mark)\(space)\(link)  \(Console.printable(diagnosis.detail))\n"
            if let mend = diagnosis.mend {
                text += "\(String(repeating: " ", count: width + 11))mend: \(Console.printable(mend))\n"
            }
        }
        let counts = Diagnosis.State.allCases.compactMap { state in
            let count = diagnoses.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        return text
            + "\n\(isHealthy(diagnoses) ? "healthy" : "not healthy"): \(counts.joined(separator: ", "))\n"
    }

    private static func json(of diagnoses: [Diagnosis]) -> [UInt8] {
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("schema", "patless.dev/doctor/v1")
                json.member("healthy", isHealthy(diagnoses))
                json.key("checks")
                json.array { json in
                    for diagnosis in diagnoses {
                        json.object { json in
                            json.member("link", diagnosis.link)
                            json.member("state", diagnosis.state.rawValue)
                            json.member("detail", diagnosis.detail)
                            if let mend = diagnosis.mend { json.member("mend", mend) }
                        }
                    }
                }
            }
        }
        return text + [UInt8(ascii: "\n")]
    }
}
