import Kubernetes
import Manifests
import Policy

/// Which objects a patch is for, as `target` of a kustomization says.
struct PatchTarget {
    let apiVersion: String
    let kind: String
    let name: String

    /// Nil when it does not say which kind, or one that no rule looks at.
    init?(_ node: YAMLNode?) {
        guard let node, let kind = node.text("kind") else { return nil }
        let known = [GitRepository.kind: GitRepository.group]
            .merging(FluxKind.all.map { ($0.kind, $0.group) }) { first, _ in first }
        guard let group = node.text("group") ?? known[kind] else { return nil }
        apiVersion = "\(group)/\(node.text("version") ?? "v1")"
        self.kind = kind
        name = node.text("name") ?? ""
    }

    /// An object that has `value` at `path`, a JSON pointer, and nothing else but its name.
    func object(setting path: String, to value: YAMLNode) -> YAMLNode? {
        let steps = path.split(separator: "/")
        guard steps.count > 1, steps[0] == "spec" else { return nil }
        let mark = value.start
        guard let metadata = YAMLNode.mapping([("name", .text(name, at: mark))]) else { return nil }
        let spec = steps.dropFirst().reversed().reduce(value) { YAMLNode.mapping([(String($1), $0)]) ?? $0 }
        return YAMLNode.mapping([
            ("apiVersion", .text(apiVersion, at: mark)), ("kind", .text(kind, at: mark)),
            ("metadata", metadata), ("spec", spec),
        ])
    }
}

/// A patch that an object carries as text: kustomize's, Flux' and Flux Operator's.
struct InlinePatch {
    let text: YAMLNode
    let target: PatchTarget?

    /// Where such patches are, by the kind of the object.
    private static let places = [
        "Kustomization": ["patches", "patchesJson6902", "spec.patches"],
        "FluxInstance": ["spec.kustomize.patches"],
    ]

    static func all(in node: YAMLNode, _ kind: String) -> [InlinePatch] {
        var lists = (places[kind] ?? []).compactMap { node.child(at: $0) }
        if kind == "HelmRelease" {
            lists += (node.child(at: "spec.postRenderers")?.items ?? []).compactMap {
                $0.child(at: "kustomize.patches")
            }
        }
        return lists.flatMap(\.items).compactMap { item in
            item.child(named: "patch").map {
                InlinePatch(text: $0, target: PatchTarget(item.child(named: "target")))
            }
        }
    }
}
