import ArgumentParser
import JSON
import Policy
import Scan
import Sockets

/// `patless scan [PATH…]`.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Find static credentials in manifests, or in a cluster, before the webhook does.",
        discussion: """
            Looks at every .yaml and .yml file below the paths (not in .git and node_modules), with the evaluator that \
            the webhook asks. Lists, kustomize patches and patches of Flux objects are looked into; what is a template \
            is named and skipped. No credential is ever printed.

              patless scan
              patless scan clusters/ apps/ --config policy.yaml --fail-on warn
              helm template ./chart | patless scan -
              patless scan --format sarif > patless.sarif
              patless scan --baseline .patless-baseline.json --write-baseline
              patless scan --baseline .patless-baseline.json
              patless scan --cluster --context production

            Exit status: 0 nothing to complain of, 1 findings, 2 something could not be judged.
            """
    )

    @Argument(help: "Files and folders; - for standard input.", completion: .file())
    var paths: [String] = ["."]

    @Flag(help: "Look at the objects of a cluster instead.")
    var cluster = false

    @OptionGroup var options: ClusterOptions

    @Option(
        help: ArgumentHelp(
            "The policy file; without one, every rule has its default mode.",
            valueName: "file"
        ),
        completion: .file()
    )
    var config: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The namespace of objects that name none.", valueName: "name")
    )
    var namespace = ""

    @Option(help: "How to tell of it.")
    var format = ReportFormat.table

    @Option(help: "What makes the exit status 1.")
    var failOn = ScanReport.Threshold.deny

    @Option(
        help: ArgumentHelp("Findings that are known already: only others fail.", valueName: "file"),
        completion: .file()
    )
    var baseline: String?

    @Flag(help: "Write what is found into the baseline, and succeed.")
    var writeBaseline = false

    func validate() throws {
        if writeBaseline, baseline == nil {
            throw ValidationError("--write-baseline needs --baseline FILE")
        }
        if cluster, paths != ["."] { throw ValidationError("--cluster takes no paths") }
        if !cluster, options.kubeconfig != nil || options.context != nil {
            throw ValidationError("--kubeconfig and --context go with --cluster")
        }
    }

    func run() throws {
        let status: Int32 = try Failure.explained {
            var report = try report()
            if let baseline {
                if writeBaseline {
                    let known = Baseline(of: report)
                    try File.replace(baseline, with: known.json)
                    Console.error("\(baseline): written, with \(report.findings.count) findings")
                    return report.isIncomplete ? 2 : 0
                }
                try Self.baseline(baseline).apply(to: &report)
            }
            Console.write(Array(format.text(of: report, setting).utf8))
            if report.fails(at: failOn) { return 1 }
            return report.isIncomplete && failOn != .never ? 2 : 0
        }
        if status != 0 { throw ExitCode(status) }
    }

    private var setting: ReportFormat.Setting {
        ReportFormat.Setting(
            version: Version.number,
            scope: cluster ? "The cluster" : paths == ["."] ? "This folder" : paths.joined(separator: ", "),
            day: Day(at: Clock.wall / 1_000_000_000).description,
            isColoured: Console.isColoured
        )
    }

    private func report() throws -> ScanReport {
        let evaluator = try PolicySource.snapshot(at: config).evaluator
        guard !cluster else {
            return try ClusterSearch(options.server(), evaluator).report()
        }
        let tree = try ManifestTree(paths)
        var scanner = Scanner(
            evaluator,
            tree.kustomizations,
            namespace: namespace,
            at: Clock.wall / 1_000_000_000
        )
        for note in tree.notes { scanner.note(note) }
        var bar = ProgressBar("Scanning", of: tree.paths.count)
        tree.forEach { file in
            scanner.scan(file)
            bar.advance()
        } unreadable: { note in
            scanner.note(note)
            bar.advance()
        }
        bar.finish()
        return scanner.report()
    }

    private static func baseline(_ path: String) throws -> Baseline {
        let text = try File.read(path)
        guard let document = try? JSONDocument(text), let baseline = Baseline(document.root) else {
            throw Failure(
                description: "\(path): not a baseline; write one with --write-baseline"
            )
        }
        return baseline
    }
}
