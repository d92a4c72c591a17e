import Kubernetes
import Manifests
package import Policy

/// Rewrites manifests to workload identity, and changes nothing else.
///
/// What it writes is read again and compared with what it is to mean: a change that anything else would notice is not made.
package struct Mender {
    private let evaluator: Evaluator
    private let kustomizations: Kustomizations
    private let namespace: String
    private let now: Int

    /// As of a ``Scanner``.
    package init(
        _ evaluator: Evaluator,
        _ kustomizations: Kustomizations,
        namespace: String = "",
        at now: Int
    ) {
        self.evaluator = evaluator
        self.kustomizations = kustomizations
        self.namespace = namespace
        self.now = now
    }

    /// A file, mended.
    package struct Result: Sendable {
        package let file: ManifestFile
        /// Such as `GitRepository apps/fleet`.
        package internal(set) var mended: [String] = []
        /// Why an object could not be mended, though it is clear what it should say.
        package internal(set) var obstacles: [ScanNote] = []
        /// Secrets that are referred to less than before.
        package internal(set) var secrets: [ObjectReference] = []
        /// Objects whose URL had a credential, which is in the history of the file for good.
        package internal(set) var exposed: [String] = []
    }

    /// What becomes of `file`, which stays as it is when it is no YAML.
    package func mend(_ file: ManifestFile) -> Result {
        var result = Result(file: file)
        let reader = ManifestReader(file, kustomizations)
        guard reader.errors.isEmpty else { return result }
        var mends: [RepositoryMend] = []
        for mend in reader.manifests.compactMap({ self.mend($0, file) }) {
            guard let obstacle = mend.obstacle else {
                mends.append(mend)
                continue
            }
            result.obstacles.append(note(mend, file, obstacle))
        }
        guard !mends.isEmpty else { return result }
        let editor = YAMLEditor(bytes: file.bytes)
        var edits: Set<TextEdit> = []
        var done: [RepositoryMend] = []
        var bytes = file.bytes
        // All at once, for objects may share text; one by one when that does not come out right.
        for group in [mends] + mends.map({ [$0] }) where done.count < mends.count {
            let group = group.filter { mend in !done.contains { $0.manifest.number == mend.manifest.number } }
            let more = group.compactMap { $0.edits(editor) }
            guard more.count == group.count,
                let text = TextEdit.apply(more.reduce(edits) { $0.union($1) }, to: file.bytes),
                means(text, file, done + group)
            else { continue }
            edits = more.reduce(edits) { $0.union($1) }
            done += group
            bytes = text
        }
        for mend in mends where !done.contains(where: { $0.manifest.number == mend.manifest.number }) {
            result.obstacles.append(
                note(mend, file, "its text is shared with something else, or written in a rare way")
            )
        }
        result.mended = done.map(\.subject)
        result.secrets = done.compactMap { mend in
            mend.secret.map { ObjectReference(namespace: mend.namespace, name: $0) }
        }
        return Result(
            file: ManifestFile(path: file.path, bytes: bytes),
            mended: result.mended,
            obstacles: result.obstacles,
            secrets: result.secrets,
            exposed: done.filter(\.hadCredentialInURL).map(\.subject)
        )
    }

    private func mend(_ manifest: Manifest, _ file: ManifestFile) -> RepositoryMend? {
        guard case .direct = manifest.placement, !manifest.isPatch, manifest.kind == GitRepository.kind,
            manifest.group == GitRepository.group, !manifest.hasPlaceholder,
            let object = try? manifest.json(), let repository = try? GitRepository(object)
        else { return nil }
        let namespace = kustomizations.namespace(of: manifest, at: file.path, or: namespace)
        guard let remedy = evaluator.remedy(for: repository, in: namespace, at: now) else { return nil }
        return RepositoryMend(
            manifest: manifest,
            remedy: remedy,
            verdict: evaluator.judge(repository, in: namespace, at: now),
            secret: remedy.removesSecret ? repository.secretName : nil,
            namespace: namespace
        )
    }

    /// Whether `text` says what `file` said, but for what was mended.
    private func means(_ text: [UInt8], _ file: ManifestFile, _ mends: [RepositoryMend]) -> Bool {
        let expected = Dictionary(mends.map { ($0.manifest.node.start.offset, $0.expected) }) { first, _ in
            first
        }
        guard let before = try? YAMLDocument.parse(file.bytes), let after = try? YAMLDocument.parse(text),
            before.count == after.count, comments(text, after) == comments(file.bytes, before, without: mends)
        else { return false }
        return zip(before, after).allSatisfy { before, after in
            guard let wanted = try? before.root.merged().replacing(expected).json(),
                let found = try? after.root.merged().json()
            else { return false }
            return wanted == found
        }
    }

    /// What is written in comments that have a line of their own, but for those inside a reference that goes.
    private func comments(
        _ bytes: [UInt8],
        _ documents: [YAMLDocument],
        without mends: [RepositoryMend] = []
    ) -> [[UInt8]] {
        let gone = mends.compactMap(\.removedLines)
        var texts = documents.flatMap(\.root.scalarRanges).sorted { $0.lowerBound < $1.lowerBound }[...]
        var comments: [[UInt8]] = []
        var number = 0
        var start = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            defer { start += line.count + 1 }
            let blank = line.prefix { " \t".utf8.contains($0) }.count
            guard line.dropFirst(blank).first == UInt8(ascii: "#") else { continue }
            // In a text of several lines a line may look like one.
            while let text = texts.first, text.upperBound <= start + blank { texts.removeFirst() }
            let isText = texts.first.map { $0.contains(start + blank) } ?? false
            if !isText, !gone.contains(where: { $0.contains(number) }) {
                comments.append(Array(line.dropFirst(blank)))
            }
        }
        return comments
    }

    private func note(_ mend: RepositoryMend, _ file: ManifestFile, _ what: String) -> ScanNote {
        let line = mend.manifest.place(of: "spec.url", in: file).line
        return ScanNote(file.path, line: line, "\(mend.subject): \(what)")
    }
}
