import Manifests

/// What the kustomizations of a tree say of the files beside them: which are patches, and in which namespace objects are.
package struct Kustomizations {
    /// The names that kustomize gives a meaning to.
    package static let names: Set<String> = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private var targets: [String: PatchTarget?] = [:]
    private var namespaces: [String: String] = [:]

    package init() {}

    /// Takes in what one of them says; one that cannot be read says nothing here, and is told of as a file.
    package mutating func note(_ file: ManifestFile) {
        guard let documents = try? YAMLDocument.parse(file.bytes) else { return }
        let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
        for document in documents {
            guard let node = try? document.root.merged() else { continue }
            for key in ["patches", "patchesJson6902"] {
                for item in node.child(named: key)?.items ?? [] {
                    guard let path = item.text("path") else { continue }
                    targets[Self.join(folder, path)] = PatchTarget(item.child(named: "target"))
                }
            }
            for case .scalar(let path, _) in (node.child(named: "patchesStrategicMerge")?.items ?? []).map(
                \.content
            ) {
                targets[Self.join(folder, path)] = .some(nil)
            }
            guard let namespace = node.text("namespace") else { continue }
            for case .scalar(let path, _) in (node.child(named: "resources")?.items ?? []).map(\.content) {
                namespaces[Self.join(folder, path)] = namespace
            }
        }
    }

    /// Whether the file at `path` is a patch.
    func isPatch(_ path: String) -> Bool {
        targets[path] != nil
    }

    /// What the patch at `path` is for, if that is said beside it.
    func target(of path: String) -> PatchTarget? {
        targets[path] ?? nil
    }

    /// The namespace that objects of the file at `path` are put in.
    func namespace(of path: String) -> String? {
        namespaces[path]
    }

    /// The path that `path` is when it is read in `folder`, which is empty or ends with a slash.
    private static func join(_ folder: String, _ path: String) -> String {
        var parts: [Substring] = []
        for part in (folder + path).split(separator: "/", omittingEmptySubsequences: false) {
            switch part {
            case ".": continue
            case ".." where !(parts.last.map { $0 == ".." || $0.isEmpty } ?? true): parts.removeLast()
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
