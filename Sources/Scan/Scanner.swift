package import JSON
import Kubernetes
import Manifests
package import Policy

/// Judges what is in files, with the evaluator that the webhook asks.
///
/// Give it every file once, those of `kustomizations` included, then ask for the ``report()``.
package struct Scanner {
    private let evaluator: Evaluator
    private let kustomizations: Kustomizations
    private let namespace: String
    private let now: Int
    private var result = ScanReport()
    private var secrets = PlainSecrets()

    /// `namespace` is that of objects which name none; `now` in seconds since 1970.
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

    package mutating func scan(_ file: ManifestFile) {
        result.files += 1
        let reader = ManifestReader(file, kustomizations)
        result.notes += reader.errors.map { Self.note(on: $0, in: file) }
        for manifest in reader.manifests {
            do throws(YAMLError) {
                try judge(manifest, file)
            } catch {
                let what = "cannot be judged: \(error.what)"
                result.notes.append(ScanNote(file.path, line: error.mark.line, what, isFailure: true))
            }
        }
    }

    /// Judges an object of a cluster, of this kind.
    package mutating func scan(_ object: JSONValue, _ kind: String, of group: String) {
        result.objects += 1
        do throws(ReviewError) {
            let verdict = try evaluator.judge(object: object, kind, of: group, at: now)
            let namespace = try ObjectMeta(of: object).namespace
            result.findings += verdict.judgements.map { judgement in
                ScanFinding(
                    rule: judgement.finding.rule,
                    subject: verdict.subject,
                    namespace: namespace,
                    field: judgement.finding.field,
                    message: judgement.finding.message,
                    fix: judgement.finding.fix,
                    disposition: judgement.disposition,
                    file: nil,
                    place: nil
                )
            }
        } catch {
            result.notes.append(
                ScanNote(kind, "one that is stored cannot be understood: \(error)", isFailure: true)
            )
        }
    }

    /// Says why a file was not read.
    package mutating func note(_ note: ScanNote) {
        result.notes.append(note)
    }

    package consuming func report() -> ScanReport {
        result.findings += secrets.findings
        result.sort()
        return result
    }

    private mutating func judge(_ manifest: Manifest, _ file: ManifestFile) throws(YAMLError) {
        let object = try manifest.json()
        let namespace = kustomizations.namespace(of: manifest, at: file.path, or: namespace)
        do throws(ReviewError) {
            if manifest.kind == "Secret" {
                let verdict = try evaluator.judge(secret: object, in: namespace, at: now)
                secrets.note(
                    Self.findings(verdict.judgements, verdict, manifest, file, namespace),
                    named: manifest.text("metadata.name") ?? "",
                    in: namespace
                )
                return
            }
            result.objects += 1
            let verdict = try evaluator.judge(object: object, in: namespace, at: now)
            let context = Context(manifest)
            let judgements = verdict.judgements.filter { judgement in
                context.allows(judgement.finding.rule) { evaluator.isCertificateAuthority($0, in: namespace) }
            }
            result.findings += Self.findings(judgements, verdict, manifest, file, namespace)
            if let placeholder = context.note { note(placeholder, manifest, file) }
            for path in ["spec.secretRef.name", "spec.sync.pullSecret"] {
                guard manifest.signsInToGit, let name = manifest.text(path), !name.isEmpty else { continue }
                secrets.noteUse(of: name, in: namespace, by: verdict.subject, file.path)
            }
        } catch {
            note(
                "the API server would refuse this \(manifest.kind): \(error)",
                manifest,
                file,
                isFailure: true
            )
        }
    }

    private mutating func note(
        _ what: String,
        _ manifest: Manifest,
        _ file: ManifestFile,
        isFailure: Bool = false
    ) {
        let line = manifest.place(of: "spec.url", in: file).line
        result.notes.append(ScanNote(file.path, line: line, what, isFailure: isFailure))
    }

    private static func findings(
        _ judgements: [Judgement],
        _ verdict: Verdict,
        _ manifest: Manifest,
        _ file: ManifestFile,
        _ namespace: String
    ) -> [ScanFinding] {
        judgements.map { judgement in
            ScanFinding(
                rule: judgement.finding.rule,
                subject: verdict.subject,
                namespace: Shown.plain(namespace, or: ""),
                field: judgement.finding.field,
                message: judgement.finding.message,
                fix: Context(manifest).fix(of: judgement.finding),
                disposition: judgement.disposition,
                file: file.path,
                place: manifest.place(of: judgement.finding.shownField, in: file)
            )
        }
    }

    /// What is no YAML is mostly a template; anything else that speaks of Flux must not pass unseen.
    private static func note(on error: YAMLError, in file: ManifestFile) -> ScanNote {
        let document = file.document(at: error.mark.offset)
        let isTemplate = document.contains("{{")
        return ScanNote(
            file.path,
            line: error.mark.line,
            isTemplate
                ? "skipped, for it is a template: render it and scan that (helm template … | patless scan -)"
                : "no YAML: \(error.what)",
            isFailure: !isTemplate && document.speaksOfFlux
        )
    }
}

extension Finding {
    /// The field to be shown: what is missing is best seen at what asks for it.
    fileprivate var shownField: String {
        rule == .providerMissing ? "spec.url" : field
    }
}

/// What is not known of an object that is a patch, or has placeholders.
private struct Context {
    private let isPatch: Bool
    private let manifest: Manifest
    private let url: String?
    private let hasPlaceholder: Bool

    init(_ manifest: Manifest) {
        isPatch = manifest.isPatch
        self.manifest = manifest
        url = manifest.kind == GitRepository.kind ? manifest.text("spec.url") : ""
        hasPlaceholder = manifest.hasPlaceholder
    }

    /// Whether a finding of the rule follows from what is there, whatever the rest is.
    ///
    /// `isAuthority` says whether a Secret holds nothing but a certificate authority.
    func allows(_ rule: RuleName, _ isAuthority: (String) -> Bool) -> Bool {
        switch rule {
        case .secretRef where url == nil || hasPlaceholder:
            !isAuthority(manifest.text("spec.secretRef.name") ?? "")
        // With a provider, the controller does not read the Secret.
        case .fluxSecret where manifest.kind == "ImageRepository":
            !isPatch || manifest.text("spec.provider") != nil
        case .tokenExposure, .sshKey: url != nil && !hasPlaceholder
        case .providerMissing: !isPatch && !hasPlaceholder
        default: true
        }
    }

    /// What the URL would have to say is not for us to tell when nobody knows it yet.
    func fix(of finding: Finding) -> String {
        guard finding.rule == .secretRef, url == nil || hasPlaceholder else { return finding.fix }
        return "set spec.provider: azure and an https spec.url on Azure DevOps, and remove spec.secretRef"
    }

    var note: String? {
        hasPlaceholder ? "spec.url has a placeholder: the webhook judges what it becomes" : nil
    }
}
