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

    /// Whether some rule looks at such objects.
    var isOfInterest: Bool {
        switch kind {
        case "Secret": apiVersion == "v1"
        case ServiceAccount.kind, Deployment.kind: true
        default: group.hasSuffix("toolkit.fluxcd.io") || group == "fluxcd.controlplane.io"
        }
    }

    /// The object as the API server would be sent it.
    func json() throws(YAMLError) -> JSONValue {
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
