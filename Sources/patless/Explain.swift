import ArgumentParser
import Policy

/// `patless explain [RULE]`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a rule finds, why it matters, and what to write instead.",
        discussion: """
            Without a rule, the rules are listed with their default modes.

              patless explain
              patless explain secret-ref
            """
    )

    @Argument(help: "The rule, such as secret-ref.")
    var rule: RuleName?

    func run() {
        guard let rule else { return list() }
        let documentation = rule.documentation
        Console.print(
            """
            \(rule.rawValue) (\(rule.defaultMode.rawValue) by default)

            \(documentation.summary)

            Why it matters
            \(Self.indent(documentation.why))

            Found fault with
            \(Self.indent(documentation.bad))

            Write instead
            \(Self.indent(documentation.good))

            To exempt an object for a while
            \(Self.indent(documentation.exemption))
            """
        )
    }

    private func list() {
        let width = RuleName.allCases.map(\.rawValue.count).max() ?? 0
        for rule in RuleName.allCases {
            let name = rule.rawValue + String(repeating: " ", count: width - rule.rawValue.count)
            let mode = rule.defaultMode.rawValue
            Console.print("\(name)  \(mode)  \(rule.documentation.summary)")
        }
    }

    private static func indent(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "    \($0)" }
            .joined(separator: "\n")
    }
}
