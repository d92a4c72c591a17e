import JSON
import Kubernetes
import Manifests

/// One Kubernetes object of a file: whole, or a patch that says only what it changes.
struct Manifest {
    let apiVersion: String
    let kind: String
    /// Without aliases and merge keys.
    let node: YAMLNode
    let placement: Placement
    /// Whether it is a patch, so that nothing follows from what it does not say.
    let isPatch: Bool
    /// Its place among the objects of the file, for who wants to find it again.
    let number: Int

    var group: String {
        apiVersion.lastIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
    }

    /// Whether a Secret that it names is what Git is signed in to with.
    var signsInToGit: Bool {
        kind == "GitRepository" || kind == "FluxInstance"
    }

    /// Whether some rule looks at such objects.
    var isOfInterest: Bool {
        switch kind {
        case "Secret": apiVersion == "v1"
        case ServiceAccount.kind, Deployment.kind: true
        default: group.hasSuffix("toolkit.fluxcd.io") || group == "fluxcd.controlplane.io"
        }
    }

    /// What v1beta1 and v1beta2 of GitRepository do not have: the API server drops it.
    private static let later: Set<String> = [
        "provider", "serviceAccountName", "proxySecretRef", "sparseCheckout",
    ]

    /// Whether it is a GitRepository in a version that knows no `provider`.
    var isOfOldVersion: Bool {
        kind == GitRepository.kind && (apiVersion.hasSuffix("/v1beta1") || apiVersion.hasSuffix("/v1beta2"))
    }

    /// The object as the API server would have it.
    func json() throws(YAMLError) -> JSONValue {
        var node = node.naming(apiVersion, kind)
        if isOfOldVersion {
            node = node.mapped { pair in
                guard pair.key.text == "spec" else { return [(pair.key, pair.value)] }
                return [
                    (
                        pair.key,
                        pair.value.mapped { Self.later.contains($0.key.text) ? [] : [($0.key, $0.value)] }
                    )
                ]
            }
        }
        let text = try node.json()
        do {
            return try JSONDocument(text).root
        } catch {
            throw YAMLError(node.start, "cannot be written as JSON: \(error)")
        }
    }

    /// Whether a part of its URL is yet to be put in by Flux, Helm or Flux Operator.
    var hasPlaceholder: Bool {
        guard kind == GitRepository.kind, let url = text("spec.url") else { return false }
        return ["${", "{{", "<<"].contains { url.contains($0) }
    }

    /// The text that the object has at `path`, such as `metadata.name`; nil when it has none there.
    func text(_ path: String) -> String? {
        node.text(path)
    }
}

extension YAMLNode {
    /// The mapping as one of this version and kind, whatever it says itself.
    func naming(_ apiVersion: String, _ kind: String) -> YAMLNode {
        var isFirst = true
        return mapped { pair in
            defer { isFirst = false }
            let names = [("apiVersion", apiVersion), ("kind", kind)].map { key, text in
                (Key.text(key, at: start), YAMLNode.text(text, at: start))
            }
            let own = pair.key.text == "apiVersion" || pair.key.text == "kind" ? [] : [(pair.key, pair.value)]
            return (isFirst ? names : []) + own
        }
    }
}
