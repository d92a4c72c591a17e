import Kubernetes
import Manifests
import Policy

/// Which objects a patch is for, as `target` of a kustomization says.
struct PatchTarget {
    let apiVersion: String
    let kind: String
    let name: String

    private static let kinds = [GitRepository.kind: GitRepository.group]
        .merging(FluxKind.all.map { ($0.kind, $0.group) }) { first, _ in first }

    /// Nil when it says no kind, or one that no rule looks at; of a pattern of kinds the first that is one.
    init?(_ node: YAMLNode?) {
        guard let pattern = node?.text("kind") else { return nil }
        let names = pattern.split { "|()^$".contains($0) }.map(String.init)
        let isAny = names.contains { $0 == ".*" || $0 == ".+" }
        guard
            let kind = isAny
                ? GitRepository.kind : names.first(where: { Self.kinds[$0] != nil }) ?? names.first
        else { return nil }
        let group = node?.text("group") ?? Self.kinds[kind] ?? ""
        apiVersion = "\(group)/\(node?.text("version") ?? "v1")"
        self.kind = kind
        name = node?.text("name") ?? ""
    }

    /// What a JSON patch that names no kind is for, going by a field that GitRepositories have.
    init?(guessedFrom path: String) {
        let field = path.split(separator: "/").prefix(2)
        guard field.count == 2, field[0] == "spec", ["secretRef", "url", "provider"].contains(field[1]) else {
            return nil
        }
        apiVersion = "\(GitRepository.group)/v1"
        kind = GitRepository.kind
        name = ""
    }

    /// An object that has `value` at `path`, a JSON pointer, and nothing else but its name.
    func object(setting path: String, to value: YAMLNode) -> YAMLNode? {
        let steps = path.split(separator: "/")
        let mark = value.start
        guard steps.first != "metadata" else { return nil }
        guard let first = steps.first else { return value }
        guard let metadata = YAMLNode.mapping([("name", .text(name, at: mark))]) else { return nil }
        let inner = steps.dropFirst().reversed().reduce(value) { YAMLNode.mapping([(String($1), $0)]) ?? $0 }
        return YAMLNode.mapping([("metadata", metadata), (String(first), inner)])
    }
}

/// A patch that an object carries, mostly as text: kustomize's, Flux' and Flux Operator's.
struct InlinePatch {
    /// Text, or the patch itself.
    let content: YAMLNode
    let target: PatchTarget?

    /// Where such patches are, by the kind of the object.
    private static let places = [
        "Kustomization": ["patches", "patchesJson6902", "spec.patches", "spec.patchesJson6902"],
        "FluxInstance": ["spec.kustomize.patches"],
    ]

    static func all(in node: YAMLNode, _ kind: String) -> [InlinePatch] {
        var lists = (places[kind] ?? []).compactMap { node.child(at: $0) }
        if kind == "HelmRelease" {
            lists += (node.child(at: "spec.postRenderers")?.items ?? []).compactMap {
                $0.child(at: "kustomize.patches")
            }
        }
        let targeted = lists.flatMap(\.items).compactMap { item in
            item.child(named: "patch").map {
                InlinePatch(content: $0, target: PatchTarget(item.child(named: "target")))
            }
        }
        guard kind == "Kustomization" else { return targeted }
        let strategic = ["patchesStrategicMerge", "spec.patchesStrategicMerge"].flatMap { path in
            (node.child(at: path)?.items ?? []).filter(\.isPatchItself).map {
                InlinePatch(content: $0, target: nil)
            }
        }
        return targeted + strategic
    }
}

extension YAMLNode {
    /// Whether an entry of `patchesStrategicMerge` is a patch, and not the name of a file.
    fileprivate var isPatchItself: Bool {
        guard case .scalar(let text, _) = content else { return true }
        return text.contains { $0.isNewline }
    }
}
