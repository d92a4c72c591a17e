import HTTP
package import JSON
import Sockets
import Synchronization
import TLS

/// A kubeconfig: clusters, users, and contexts that pair them.
///
/// Several files are one, as kubectl merges those of KUBECONFIG: the first that says something is right.
package struct Kubeconfig: Sendable {
    /// One file: what it says, as JSON, and the folder that its relative paths start at.
    package struct File: Sendable {
        let root: JSONValue
        let folder: String

        package init(_ root: JSONValue, folder: String) {
            self.root = root
            self.folder = folder
        }
    }

    private let files: [File]

    package init(_ files: [File]) {
        self.files = files
    }

    /// An entry of one of the lists, and the folder of its file.
    private struct Entry {
        let value: JSONValue
        let folder: String

        func text(_ key: String) -> String? {
            guard let text = value[key]?.string, !text.isEmpty else { return nil }
            return text
        }

        /// The bytes that `key-data` holds in base64, or the file that `key` names.
        func bytes(_ key: String) throws(ClusterError) -> [UInt8]? {
            if let data = text("\(key)-data") {
                guard let bytes = Base64.decode(data.utf8) else {
                    throw ClusterError("kubeconfig: \(key)-data is no base64")
                }
                return bytes
            }
            guard let path = text(key) else { return nil }
            do throws(SystemError) {
                return try Sockets.File.read(self.path(path))
            } catch {
                throw ClusterError("kubeconfig: \(key): \(error)")
            }
        }

        func path(_ path: String) -> String {
            path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        }
    }

    /// The API server of the context called `name`, or of the current one.
    package func server(
        context name: String?,
        userAgent: String,
        patience: Int = APIServer.longPatience
    ) throws(ClusterError) -> APIServer {
        let current = files.lazy.compactMap { $0.root["current-context"]?.string }.first { !$0.isEmpty }
        guard let name = name ?? current else {
            throw ClusterError("kubeconfig: there is no current-context; name one with --context")
        }
        let context = try entry("contexts", name, "context")
        let cluster = try entry("clusters", context.text("cluster") ?? "", "cluster")
        let user = try context.text("user").map { name throws(ClusterError) in
            try entry("users", name, "user")
        }
        guard let url = cluster.text("server"), let endpoint = Endpoint(url) else {
            throw ClusterError("kubeconfig: the cluster of context \(name) has no server that is a URL")
        }
        if cluster.value["insecure-skip-tls-verify"]?.boolean == true {
            throw ClusterError(
                "kubeconfig: insecure-skip-tls-verify is not obeyed, since anybody between could take the credentials;"
                    + " set certificate-authority, and tls-server-name if the server has another name"
            )
        }
        let credentials =
            try user.map { user throws(ClusterError) in try Self.credentials(of: user) } ?? .none
        return APIServer(
            at: endpoint,
            namespace: context.text("namespace") ?? "default",
            context: try Self.context(cluster, user, credentials),
            serverName: cluster.text("tls-server-name"),
            credentials: credentials,
            proxy: try Self.proxy(cluster, to: endpoint),
            userAgent: userAgent,
            patience: patience
        )
    }

    private func entry(_ list: String, _ name: String, _ key: String) throws(ClusterError) -> Entry {
        for file in files {
            for item in file.root[list]?.elements.map(\.self) ?? [] where item["name"]?.equals(name) == true {
                return Entry(value: item[key] ?? item, folder: file.folder)
            }
        }
        throw ClusterError("kubeconfig: there is no \(key) called \"\(name)\"")
    }

    private static func credentials(of user: Entry) throws(ClusterError) -> Credentials {
        if let exec = user.value["exec"] { return .exec(try plugin(exec, user)) }
        if let path = user.text("tokenFile") { return .tokenFile(TokenFile(user.path(path))) }
        if let token = user.text("token") { return .token(token) }
        if user.value["auth-provider"] != nil {
            throw ClusterError(
                "kubeconfig: auth-provider is gone from Kubernetes since 1.26; `kubelogin convert-kubeconfig` makes an exec plugin of it"
            )
        }
        if user.value["username"] != nil {
            throw ClusterError("kubeconfig: a password is no way into Kubernetes since 1.19")
        }
        return .none
    }

    private static func plugin(_ exec: JSONValue, _ user: Entry) throws(ClusterError) -> ExecPlugin {
        guard let command = exec["command"]?.string, !command.isEmpty else {
            throw ClusterError("kubeconfig: an exec without a command")
        }
        var environment: [String: String] = [:]
        for variable in exec["env"]?.elements.map(\.self) ?? [] {
            environment[variable["name"]?.string ?? ""] = variable["value"]?.string ?? ""
        }
        return try ExecPlugin(
            // A path is relative to the file, a bare name is looked for on PATH (client-go's ResolvePaths).
            command: command.contains("/") ? user.path(command) : command,
            arguments: exec["args"]?.elements.compactMap(\.string) ?? [],
            environment: environment,
            apiVersion: exec["apiVersion"]?.string ?? "",
            installHint: exec["installHint"]?.string
        )
    }

    /// The TLS of a new connection; made anew only when an exec plugin has brought another certificate.
    private static func context(
        _ cluster: Entry,
        _ user: Entry?,
        _ credentials: Credentials
    ) throws(ClusterError) -> @Sendable () throws(ClusterError) -> ClientContext? {
        let authorities = try cluster.bytes("certificate-authority")
        if case .exec(let plugin) = credentials {
            return { () throws(ClusterError) in
                let credential = try plugin.credential()
                guard let chain = credential.certificate, let key = credential.privateKey else {
                    return try make(authorities, nil)
                }
                return try make(authorities, (chain, key))
            }
        }
        let chain = try user.flatMap { user throws(ClusterError) in try user.bytes("client-certificate") }
        let key = try user.flatMap { user throws(ClusterError) in try user.bytes("client-key") }
        guard (chain == nil) == (key == nil) else {
            throw ClusterError("kubeconfig: client-certificate and client-key go together")
        }
        let identity = chain.flatMap { chain in key.map { (chain: chain, privateKey: $0) } }
        let context = try make(authorities, identity)
        return { () throws(ClusterError) in context }
    }

    private static func make(
        _ authorities: [UInt8]?,
        _ identity: (chain: [UInt8], privateKey: [UInt8])?
    ) throws(ClusterError) -> ClientContext {
        do throws(TLSError) {
            return try ClientContext(authorities: authorities, certificate: identity)
        } catch {
            throw ClusterError("kubeconfig: \(error)")
        }
    }

    private static func proxy(_ cluster: Entry, to endpoint: Endpoint) throws(ClusterError) -> Proxy? {
        guard let url = cluster.text("proxy-url") else { return try ProxyEnvironment.proxy(to: endpoint) }
        return try ProxyEnvironment.proxy(to: endpoint) { $0 == "HTTPS_PROXY" ? url : nil }
    }
}
