import ArgumentParser
import Policy
import Sockets

/// `patless config check FILE`.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work with policy files.",
        subcommands: [Check.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a policy file can be used, and what it comes to.",
            discussion: """
                Exit status: 0 it can be used, 2 it cannot; each problem is a line with its place.

                  patless config check policy.yaml
                """
        )

        @Argument(help: "The policy file; - for standard input.", completion: .file())
        var file: String

        func run() throws {
            let policy = try Failure.explained { try PolicySource.policy(at: file) }
            Console.print("\(file): this policy can be used")
            for identity in policy.identities {
                let account = "\(identity.namespace)/\(identity.serviceAccount)"
                Console.print("  identity   \(account) is \(identity.clientID)")
            }
            for rule in RuleName.allCases {
                let enforcement = policy.enforcement(of: rule)
                let from = enforcement.enforceFrom.map { " from \($0) on, warn before" } ?? ""
                Console.print("  rule       \(rule.rawValue): \(enforcement.mode.rawValue)\(from)")
            }
            let today = Day(at: Clock.wall / 1_000_000_000)
            for exemption in policy.exemptions {
                let days = exemption.expires.number - today.number
                let left = days < 0 ? "has expired, and is ignored" : "\(days) days left"
                Console.print(
                    "  exemption  \(exemption.reason) (\(exemption.owner)): until \(exemption.expires), \(left)"
                )
            }
        }
    }
}
