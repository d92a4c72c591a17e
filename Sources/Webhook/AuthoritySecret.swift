import Cluster
import JSON
import TLS

/// The Secret that keeps the certificate authority of an installation, which all its replicas share.
///
/// `ca.crt` and `ca.key` are the authority that signs; `previous.crt` are those before it that have not expired, so that
/// what they signed is still trusted.
struct AuthoritySecret: Sendable {
    /// The authority, if the Secret holds one that can be used.
    let authority: CertificateAuthority?
    let previous: CertificateBundle
    /// The Secret's resource version; nil when there is no Secret.
    private let version: String?
    private let namespace: String
    private let name: String

    /// Reads it.
    init(_ name: String, in namespace: String, from server: APIServer) throws(ClusterError) {
        self.name = name
        self.namespace = namespace
        let object: JSONValue
        do throws(ClusterError) {
            object = try server.send(.get(.secrets, namespace, name)).root
        } catch {
            guard error.isNotFound else { throw error }
            (authority, previous, version) = (nil, CertificateBundle(), nil)
            return
        }
        version = object["metadata"]?["resourceVersion"]?.string ?? ""
        let data = { (key: String) in (object["data"]?[key]?.string).flatMap { Base64.decode($0.utf8) } ?? []
        }
        authority = try? CertificateAuthority(certificate: data("ca.crt"), privateKey: data("ca.key"))
        previous = CertificateBundle(readable: data("previous.crt"))
    }

    /// Puts another authority in, and keeps the certificates of those before it.
    ///
    /// - Throws: a conflict when another replica was quicker: its authority is the one to use.
    func replace(
        by authority: CertificateAuthority,
        previous: CertificateBundle,
        on server: APIServer
    ) throws(ClusterError) {
        var object: [UInt8] = []
        object.writeJSON { json in
            json.object { json in
                json.member("apiVersion", Resource.secrets.apiVersion)
                json.member("kind", Resource.secrets.kind)
                json.key("metadata")
                json.object { json in
                    json.member("name", name)
                    if let version { json.member("resourceVersion", version) }
                }
                json.key("data")
                json.object { json in
                    for (key, value) in [
                        ("ca.crt", authority.certificate), ("ca.key", authority.privateKey),
                        ("previous.crt", previous.pem),
                    ] {
                        json.key(key)
                        json.base64(value)
                    }
                }
            }
        }
        // A merge patch leaves labels and annotations to who put them there.
        _ = try server.send(
            version == nil
                ? .create(.secrets, namespace, object) : .patch(.secrets, namespace, name, .merge, object)
        )
    }
}
