import ArgumentParser
import Policy
import Scan
import Sockets

/// `patless fix [PATH…]`.
struct FixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fix",
        abstract: "Rewrite manifests to workload identity, and change nothing else in them.",
        discussion: """
            A GitRepository on Azure DevOps gets provider: azure, its https URL without a user name, and no secretRef; \
            v1beta1 and v1beta2 become v1, which provider needs. Comments, order, indentation, quotes and line ends stay. \
            What a machine cannot mend is listed with what to do. A second run changes nothing.

            Before it is of use, the cluster's identity must be a user of the Azure DevOps organisation: see `patless \
            azure steps`.

              patless fix --diff
              patless fix clusters/ apps/
              git diff

            Exit status: 0 nothing is left to do, 1 something is left (or, with --diff, would change), 2 something could \
            not be read or written.
            """
    )

    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String] = ["."]

    @Flag(help: "Show what would change, with credentials hidden, and write nothing.")
    var diff = false

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

    func validate() throws {
        if paths.contains("-") { throw ValidationError("fix rewrites files; standard input is none") }
    }

    func run() throws {
        let status: Int32 = try Failure.explained {
            let evaluator = try PolicySource.snapshot(at: config).evaluator
            let tree = try ManifestTree(paths)
            let now = Clock.wall / 1_000_000_000
            let mender = Mender(evaluator, tree.kustomizations, namespace: namespace, at: now)
            var after = Scanner(evaluator, tree.kustomizations, namespace: namespace, at: now)
            for note in tree.notes { after.note(note) }
            var outcome = Outcome()
            var bar = ProgressBar("Mending", of: tree.paths.count)
            tree.forEach { file in
                let result = mender.mend(file)
                bar.advance()
                if result.mended.isEmpty {
                    after.scan(file)
                } else {
                    outcome.take(result, instead: file, isWritten: !diff) { after.note($0) }
                    after.scan(result.file)
                }
                outcome.obstacles += result.obstacles
            } unreadable: { note in
                after.note(note)
            }
            bar.finish()
            let report = after.report()
            Console.write(Array(outcome.text(leaving: report, diff, tree).utf8))
            if report.isIncomplete { return 2 }
            let isLeft = report.fails(at: .warn) || diff && !outcome.results.isEmpty
            return isLeft ? 1 : 0
        }
        if status != 0 { throw ExitCode(status) }
    }
}

/// What came of it, file by file.
private struct Outcome {
    var results: [(before: ManifestFile, after: Mender.Result)] = []
    var obstacles: [ScanNote] = []

    mutating func take(
        _ result: Mender.Result,
        instead before: ManifestFile,
        isWritten: Bool,
        failed: (ScanNote) -> Void
    ) {
        if isWritten {
            do throws(SystemError) {
                try File.replace(before.path, with: result.file.bytes)
            } catch {
                failed(ScanNote(before.path, "cannot be written: \(error)", isFailure: true))
                return
            }
        }
        results.append((before, result))
    }

    func text(leaving report: ScanReport, _ isDiff: Bool, _ tree: ManifestTree) -> String {
        var text = ""
        for (before, result) in results {
            text +=
                isDiff
                ? UnifiedDiff.text(from: before, to: result.file, isColoured: Console.isColoured)
                : result.mended.map { "\(before.location): mended \($0)\n" }.joined()
        }
        for (before, result) in results {
            for subject in result.exposed {
                text +=
                    "\(before.location): the URL of \(subject) has a credential: revoke it, for it stays in the history\n"
            }
        }
        let left = report.findings.contains { $0.severity != .exempt } || !report.notes.isEmpty
        if left || !obstacles.isEmpty {
            text += "\(text.isEmpty ? "" : "\n")Left for you:\n\n"
            for obstacle in obstacles { text += "\(obstacle.location): not mended: \(obstacle.what)\n" }
            if !obstacles.isEmpty { text += "\n" }
            text += report.list(isColoured: Console.isColoured)
        }
        text += unused(tree)
        let objects = results.reduce(0) { $0 + $1.after.mended.count }
        let verb = isDiff ? "to mend" : "mended"
        let files = results.isEmpty ? "" : " in \(results.count) file\(results.count == 1 ? "" : "s")"
        return text + "\(objects) object\(objects == 1 ? "" : "s") \(verb)\(files); left: \(report.summary)\n"
    }

    /// The Secrets that nothing refers to any more.
    private func unused(_ tree: ManifestTree) -> String {
        let candidates = results.flatMap(\.after.secrets)
        guard !candidates.isEmpty else { return "" }
        let mended = Dictionary(results.map { ($0.before.path, $0.after.file) }) { first, _ in first }
        var uses = SecretUses(of: candidates)
        tree.forEach {
            uses.note(mended[$0.path] ?? $0)
        } unreadable: { _ in
        }
        var seen: Set<ObjectReference> = []
        let lines = candidates.filter { uses.isUnused($0) && seen.insert($0).inserted }.map { secret in
            let name = Shown.plain(secret.name, or: "(not a valid name)")
            let space = secret.namespace.isEmpty ? "" : " -n \(Shown.plain(secret.namespace, or: "…"))"
            let place = uses.place(of: secret).map { "\($0): " } ?? ""
            return "  \(place)\(name): revoke what it holds, then: kubectl\(space) delete secret \(name)\n"
        }
        return lines.isEmpty
            ? "" : "Secrets that nothing here refers to any more:\n\n\(lines.joined())\n"
    }
}
