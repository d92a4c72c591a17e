import HTTP
import Sockets
import Synchronization
import TLS

/// What a pod is told about its cluster: two variables, and the folder that its ServiceAccount is mounted at.
package enum InCluster {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Whether we run in a pod.
    package static var isThere: Bool {
        EnvironmentVariable.value("KUBERNETES_SERVICE_HOST").map { !$0.isEmpty } ?? false
    }

    /// The namespace of the pod; nil when it has no ServiceAccount mounted.
    package static var namespace: String? {
        guard let bytes = try? File.read("\(folder)/namespace") else { return nil }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// The API server of the cluster that we run in.
    package static func server(userAgent: String, patience: Int = APIServer.longPatience) throws(ClusterError)
        -> APIServer
    {
        guard let host = EnvironmentVariable.value("KUBERNETES_SERVICE_HOST"), !host.isEmpty,
            let port = UInt16(EnvironmentVariable.value("KUBERNETES_SERVICE_PORT") ?? "443")
        else {
            throw ClusterError(
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT name no API server: this is no pod;"
                    + " name a cluster with --kubeconfig"
            )
        }
        guard let namespace else {
            throw ClusterError(
                "\(folder) is not there: the pod has no ServiceAccount (automountServiceAccountToken)"
            )
        }
        let endpoint = Endpoint(isTLS: true, host: host, port: port)
        let authorities = AuthorityFile("\(folder)/ca.crt")
        return APIServer(
            at: endpoint,
            namespace: namespace,
            context: authorities.context,
            credentials: .tokenFile(TokenFile("\(folder)/token")),
            proxy: try ProxyEnvironment.proxy(to: endpoint),
            userAgent: userAgent,
            patience: patience
        )
    }
}

/// The authorities of a file, read again when it is another: a cluster changes its own now and then.
final class AuthorityFile: Sendable {
    private let path: String
    private let known = Mutex<(bytes: [UInt8], context: ClientContext)?>(nil)

    init(_ path: String) {
        self.path = path
    }

    /// The context that trusts them; for a new connection.
    @Sendable
    func context() throws(ClusterError) -> ClientContext {
        do {
            let bytes = try File.read(path)
            if let known = known.withLock({ $0 }), known.bytes == bytes { return known.context }
            let context = try ClientContext(authorities: bytes)
            known.withLock { $0 = (bytes, context) }
            return context
        } catch {
            throw ClusterError("the cluster's certificate authority, \(path), cannot be used: \(error)")
        }
    }
}
