import Cluster
import JSON
import TLS

extension WebhookKind {
    /// The kind of object that registers the webhook.
    var configuration: Resource {
        self == .mutate ? .mutatingWebhooks : .validatingWebhooks
    }
}

/// A webhook configuration of this installation as it is in the cluster: whom it makes the API server trust.
struct Registration: Sendable {
    let kind: WebhookKind
    private let name: String
    private let version: String
    /// The `caBundle` of each of its webhooks, in base64; empty for none.
    private let texts: [String]

    /// Reads it; nil when there is none.
    init?(_ kind: WebhookKind, called name: String, from server: APIServer) throws(ClusterError) {
        guard let object = try server.find(.get(kind.configuration, nil, name)) else { return nil }
        self.kind = kind
        self.name = name
        version = object["metadata"]?["resourceVersion"]?.string ?? ""
        texts =
            object["webhooks"]?.elements.map { $0["clientConfig"]?["caBundle"]?.string ?? "" } ?? []
    }

    /// Whom each of its webhooks makes the API server trust; what cannot be read is left out.
    var bundles: [CertificateBundle] {
        texts.map { CertificateBundle(readable: Base64.decode($0.utf8) ?? []) }
    }

    /// Gives every webhook the bundle that `wanted` makes of the one that it has; whether that changed anything.
    ///
    /// - Throws: a conflict when somebody else has changed the configuration meanwhile.
    func update(
        on server: APIServer,
        to wanted: (CertificateBundle) -> CertificateBundle
    ) throws(ClusterError) -> Bool {
        let encoded = bundles.map { bundle in
            var text: [UInt8] = []
            Base64.encode(wanted(bundle).pem, into: &text)
            return String(decoding: text, as: UTF8.self)
        }
        guard encoded != texts else { return false }
        var patch: [UInt8] = []
        patch.writeJSON { json in
            json.array { json in
                Self.operation("test", "/metadata/resourceVersion", version, &json)
                for (index, text) in encoded.enumerated() where text != texts[index] {
                    Self.operation("add", "/webhooks/\(index)/clientConfig/caBundle", text, &json)
                }
            }
        }
        _ = try server.send(.patch(kind.configuration, nil, name, .json, patch))
        return true
    }

    private static func operation(_ name: String, _ path: String, _ value: String, _ json: inout JSONWriter) {
        json.object { json in
            json.member("op", name)
            json.member("path", path)
            json.member("value", value)
        }
    }
}
