import Policy
import Sockets
import TestSupport
import Testing

@Suite("The command line")
struct UsageTests {
    private static let serve = ["serve", "--tls-cert", "/c", "--tls-key", "/k"]

    @Test(arguments: [
        ["serv"], ["--nonsense"], ["review", "--nonsense"], ["review", "a", "b"], ["explain", "nonsense"],
        ["config"], ["config", "check"], ["serve"], ["serve", "--tls-cert", "/c"],
        serve + ["--workers", "0"],
        serve + ["--workers", "65"], serve + ["--workers", "two"], serve + ["--listen", "9443"],
        serve + ["--listen", "localhost:9443"], serve + ["--listen", "127.0.0.1:65536"],
        serve + ["--ops-listen", ":8080"], serve + ["--drain-seconds=-1"],
        serve + ["--max-connection-age", "0"],
        serve + ["--log-level", "loud"], serve + ["--log-format", "xml"], serve + ["--client-name", "x"],
        serve + ["extra"],
    ])
    func `ends with 64 when it is used wrongly, and says how to use it`(arguments: [String]) throws {
        let outcome = try Patless.run(arguments)
        #expect(outcome.output.isEmpty || arguments == ["config"])
        #expect(outcome.status == 64 || arguments == ["config"])
        #expect(!outcome.isCrash && (outcome.errors + outcome.output).uppercased().contains("USAGE: PATLESS"))
    }

    @Test(arguments: [
        [], ["--help"], ["serve", "--help"], ["review", "-h"], ["explain", "-h"], ["help", "config"],
    ])
    func `explains itself`(arguments: [String]) throws {
        let outcome = try Patless.run(arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.contains("USAGE: patless"))
    }

    @Test func `says which version it is`() throws {
        for arguments in [["version"], ["--version"]] {
            let outcome = try Patless.run(arguments)
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.wholeMatch(of: /patless \d+\.\d+\.\d+ \(OpenSSL 3\..*\)\n/) != nil)
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completes itself in a shell`(shell: String) throws {
        let outcome = try Patless.run(["--generate-completion-script", shell])
        #expect(outcome.status == 0 && outcome.output.contains("patless"))
    }

    @Test func `lists every rule, each on a line with its mode`() throws {
        let outcome = try Patless.run(["explain"])
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.status == 0 && lines.count == RuleName.allCases.count)
        for (rule, line) in zip(RuleName.allCases, lines) {
            let words = line.split(separator: " ")
            #expect(words.count > 3 && words[0] == rule.rawValue && words[1] == rule.defaultMode.rawValue)
        }
    }

    @Test(arguments: RuleName.allCases)
    func `explains a rule`(rule: RuleName) throws {
        let outcome = try Patless.run(["explain", rule.rawValue])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("\(rule.rawValue) (\(rule.defaultMode.rawValue) by default)\n"))
        for heading in [
            "Why it matters", "Found fault with", "Write instead", "To exempt an object for a while",
        ] {
            #expect(outcome.output.contains("\n\(heading)\n    "))
        }
    }

    @Test func `says that a policy can be used, and what it comes to`() throws {
        let scratch = Scratch()
        let policy = try scratch.write(
            PolicyText.identities + "rules: {proxy-secret: {mode: deny}}\n",
            to: "p.yaml"
        )
        let outcome = try Patless.run(["config", "check", policy])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("\(policy): this policy can be used\n"))
        #expect(
            outcome.output.contains("flux-system/source-controller is 11111111-2222-3333-4444-555555555555")
        )
        #expect(outcome.output.contains("proxy-secret: deny\n"))
    }

    @Test(
        "says of a policy that cannot be used where each fault is",
        arguments: [
            ("rule: {}\n", ["3:1: "]),
            ("rules:\n  secret-ref: {mode: loud}\n", ["4:22: "]),
            ("existing: 7\nrules:\n  secret: {mode: deny}\n", ["3:11: ", "5:3: "]),
            ("rules: {\n", ["4:1: "]),
        ]
    )
    func badPolicy(_ text: String, _ places: [String]) throws {
        let scratch = Scratch()
        let policy = try scratch.write(PolicyText.head + text, to: "p.yaml")
        let outcome = try Patless.run(["config", "check", policy])
        #expect(outcome.status == 2 && outcome.output.isEmpty && !outcome.isCrash)
        for place in places {
            #expect(outcome.errors.contains("\(policy):\(place)"), "\(outcome.errors)")
        }
    }

    @Test func `checks a policy from standard input as well`() throws {
        #expect(try Patless.run(["config", "check", "-"], input: PolicyText.head).status == 0)
        #expect(try Patless.run(["config", "check", "-"], input: "x").status == 2)
        #expect(try Patless.run(["config", "check", "/nonexistent"]).isComplaint(2))
    }
}
