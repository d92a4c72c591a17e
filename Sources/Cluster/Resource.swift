/// A kind of object, by the names that its URLs have.
package struct Resource: Sendable, Hashable {
    /// Empty for Kubernetes' core.
    package let group: String
    package let version: String
    /// Such as `gitrepositories`.
    package let plural: String
    package let kind: String

    package init(_ group: String, _ version: String, _ plural: String, kind: String) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
    }

    package var apiVersion: String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// The path of an object or of all of them, in a namespace or in none.
    func path(namespace: String?, name: String?) -> String {
        let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        let place = namespace.map { "/namespaces/\(Query.encode($0))" } ?? ""
        return "\(root)\(place)/\(plural)" + (name.map { "/\(Query.encode($0))" } ?? "")
    }

    package static let configMaps = Resource("", "v1", "configmaps", kind: "ConfigMap")
    package static let secrets = Resource("", "v1", "secrets", kind: "Secret")
    package static let serviceAccounts = Resource("", "v1", "serviceaccounts", kind: "ServiceAccount")
    package static let pods = Resource("", "v1", "pods", kind: "Pod")
    package static let deployments = Resource("apps", "v1", "deployments", kind: "Deployment")
    package static let leases = Resource("coordination.k8s.io", "v1", "leases", kind: "Lease")
    package static let validatingWebhooks = Resource(
        "admissionregistration.k8s.io",
        "v1",
        "validatingwebhookconfigurations",
        kind: "ValidatingWebhookConfiguration"
    )
    package static let mutatingWebhooks = Resource(
        "admissionregistration.k8s.io",
        "v1",
        "mutatingwebhookconfigurations",
        kind: "MutatingWebhookConfiguration"
    )
}

/// The query of a URL.
enum Query {
    /// `?name=value&…`; nothing for no parameters.
    static func text(_ parameters: [(String, String)]) -> String {
        guard !parameters.isEmpty else { return "" }
        return "?" + parameters.map { "\($0)=\(encode($1))" }.joined(separator: "&")
    }

    /// `text` with everything escaped that is not unreserved (RFC 3986, section 2.3).
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
