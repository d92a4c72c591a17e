import Manifests

/// What the kustomizations of a tree say of the files beside them: which are patches, and in which namespace objects are.
package struct Kustomizations {
    /// The names that kustomize gives a meaning to.
    package static let names: Set<String> = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private var targets: [String: [PatchTarget?]] = [:]
    private var namespaces: [String: String] = [:]
    /// The files that they name, in JSON too.
    package private(set) var files: Set<String> = []

    package init() {}

    /// Whether the file at `path` is one.
    package static func isOne(_ path: String) -> Bool {
        names.contains(path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path)
    }

    /// Takes in what one of them says; one that cannot be read says nothing here, and is told of as a file.
    package mutating func note(_ file: ManifestFile) {
        guard let documents = try? YAMLDocument.parse(file.bytes) else { return }
        let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
        for document in documents {
            guard let node = try? document.root.merged() else { continue }
            for key in ["patches", "patchesJson6902"] {
                for item in node.child(named: key)?.items ?? [] {
                    guard let path = item.text("path") else { continue }
                    notePatch(Self.tidy(folder + path), PatchTarget(item.child(named: "target")))
                }
            }
            for case .scalar(let path, _) in (node.child(named: "patchesStrategicMerge")?.items ?? []).map(
                \.content
            ) {
                notePatch(Self.tidy(folder + path), nil)
            }
            for case .scalar(let name, _) in (node.child(named: "resources")?.items ?? []).map(\.content) {
                let path = Self.tidy(folder + name)
                files.insert(path)
                namespaces[path] = node.text("namespace") ?? namespaces[path]
            }
            namespaces[Self.tidy(file.path)] = node.text("namespace")
        }
    }

    private mutating func notePatch(_ path: String, _ target: PatchTarget?) {
        files.insert(path)
        targets[path, default: []].append(target)
    }

    /// What the file at `path` is a patch for, as far as that is said beside it; nil when it is none.
    func targets(of path: String) -> [PatchTarget?]? {
        targets[Self.tidy(path)]
    }

    /// The namespace that an object of the file at `path` gets: its kustomization's word is the last.
    func namespace(of manifest: Manifest, at path: String, or namespace: String) -> String {
        namespaces[Self.tidy(path)] ?? manifest.text("metadata.namespace") ?? namespace
    }

    /// `path` without `.`, and without `..` where that takes back a folder.
    private static func tidy(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            switch part {
            case ".": continue
            case ".." where !(parts.last.map { $0 == ".." || $0.isEmpty } ?? true): parts.removeLast()
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
