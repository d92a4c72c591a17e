import ArgumentParser
import Kubernetes
import Policy
import Sockets

/// `patless review [FILE|-]`.
struct Review: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide one AdmissionReview, as the webhook would.",
        discussion: """
            Reads an AdmissionReview in JSON, and prints the AdmissionReview that answers it.

            Exit status: 0 allowed, 1 denied, 2 the input or the policy cannot be used.

              patless review --config policy.yaml review.json
              patless review --mutate < review.json
            """
    )

    @Option(
        help: ArgumentHelp(
            "The policy file; without one, every rule has its default mode.",
            valueName: "file"
        ),
        completion: .file()
    )
    var config: String?

    @Flag(help: "Answer as the mutating webhook.")
    var mutate = false

    @Argument(help: "The AdmissionReview; - for standard input.", completion: .file())
    var file = "-"

    func run() throws {
        let isAllowed = try Failure.explained {
            let policy = try PolicySource.snapshot(at: config)
            let evaluator = policy.evaluator
            let input = try File.read(file)
            let review: AdmissionReview
            do throws(ReviewError) {
                review = try AdmissionReview(input)
            } catch {
                throw Failure(description: "\(file == "-" ? "standard input" : file): \(error)")
            }
            let now = Clock.wall / 1_000_000_000
            let verdict = try mutate ? evaluator.mutate(review, at: now) : evaluator.validate(review, at: now)
            var output: [UInt8] = []
            verdict.response(to: review, policyHash: policy.hash).write(into: &output)
            output.append(UInt8(ascii: "\n"))
            File.write(output, to: File.standardOutput)
            return verdict.isAllowed
        }
        guard isAllowed else { throw ExitCode(1) }
    }
}
