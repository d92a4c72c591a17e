import Kubernetes
import Manifests
import Policy

/// One GitRepository of a file, and what has to become of it.
struct RepositoryMend {
    let manifest: Manifest
    let remedy: Remedy
    let verdict: Verdict
    /// The Secret that it does not refer to any more.
    let secret: String?
    let namespace: String

    /// What v1 knows (source-controller api/v1/gitrepository_types.go).
    private static let fields: Set<String> = [
        "url", "secretRef", "provider", "serviceAccountName", "interval", "timeout", "ref", "verify",
        "proxySecretRef", "ignore", "suspend", "recurseSubmodules", "include", "sparseCheckout",
    ]
    /// What only v1beta1 and v1beta2 know.
    private static let oldFields: Set<String> = ["gitImplementation", "accessFrom"]
    private static let version = "\(GitRepository.group)/v1"

    var subject: String { verdict.subject }

    var hadCredentialInURL: Bool {
        verdict.judgements.contains { $0.finding.rule == .urlCredentials }
    }

    /// The lines of the reference that goes, behind the one that its key is on.
    var removedLines: ClosedRange<Int>? {
        guard remedy.removesSecret, let pair = manifest.node.child(named: "spec")?.pair(named: "secretRef"),
            pair.value.end.line > pair.key.start.line
        else { return nil }
        return (pair.key.start.line + 1)...pair.value.end.line
    }

    /// Why a machine must not touch it; nil when it may.
    var obstacle: String? {
        guard manifest.apiVersion != Self.version,
            case .mapping(let pairs)? = manifest.node.child(named: "spec")?.content
        else { return nil }
        let unknown = pairs.map(\.key.text).filter { !Self.fields.contains($0) }
        guard let first = unknown.first else { return nil }
        let name = Self.oldFields.contains(first) ? first : "a key of spec"
        return
            "\(name) is no field of \(Self.version), which provider needs: remove it, and fix this again"
    }

    /// The changes of the text; nil when what they are about is not there.
    func edits(_ editor: YAMLEditor) -> Set<TextEdit>? {
        guard let spec = manifest.node.child(named: "spec"), let url = spec.pair(named: "url"),
            let version = manifest.node.child(named: "apiVersion")
        else { return nil }
        var edits: Set<TextEdit> = []
        if manifest.text("spec.url") != remedy.url {
            edits.insert(editor.replace(url.value, with: remedy.url))
        }
        if let provider = spec.child(named: "provider") {
            if spec.text("provider") != "azure" { edits.insert(editor.replace(provider, with: "azure")) }
        } else {
            edits.insert(editor.insert("provider", "azure", after: url, of: spec))
        }
        if remedy.removesSecret, let secret = spec.pair(named: "secretRef") {
            edits.insert(editor.remove(secret, of: spec))
        }
        if manifest.apiVersion != Self.version {
            edits.insert(editor.replace(version, with: Self.version))
        }
        return edits
    }

    /// The object as it is to be read afterwards.
    var expected: YAMLNode {
        let node = manifest.node
        let mark = node.start
        func text(_ text: String) -> YAMLNode { YAMLNode.text(text, at: mark) }
        return node.mapped { pair in
            switch pair.key.text {
            case "apiVersion": return [(pair.key, text(Self.version))]
            case "spec":
                let hasProvider = pair.value.child(named: "provider") != nil
                let spec = pair.value.mapped { field in
                    switch field.key.text {
                    case "url":
                        let url = (field.key, text(remedy.url))
                        let provider = (YAMLNode.Key.text("provider", at: mark), text("azure"))
                        return hasProvider ? [url] : [url, provider]
                    case "provider": return [(field.key, text("azure"))]
                    case "secretRef": return remedy.removesSecret ? [] : [(field.key, field.value)]
                    default: return [(field.key, field.value)]
                    }
                }
                return [(pair.key, spec)]
            default: return [(pair.key, pair.value)]
            }
        }
    }
}
