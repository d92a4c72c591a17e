import JSON
import Sockets
import Synchronization

/// A program that fetches a credential, such as kubelogin: client-go's exec plugin, `client.authentication.k8s.io`.
package final class ExecPlugin: Sendable {
    struct Credential: Sendable {
        var token: String?
        var certificate: [UInt8]?
        var privateKey: [UInt8]?
        /// Since 1970; nil when it does not say.
        var expires: Int?
    }

    private let program: ChildProcess
    private let command: String
    private let installHint: String?
    private let apiVersion: String
    private let known = Mutex<Credential?>(nil)

    /// A plugin as a kubeconfig's `exec` names it.
    package init(
        command: String,
        arguments: [String],
        environment: [String: String],
        apiVersion: String,
        installHint: String?
    ) throws(ClusterError) {
        guard
            ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"].contains(apiVersion)
        else {
            throw ClusterError(
                "the exec plugin \(command) is of \(apiVersion); v1 and v1beta1 of client.authentication.k8s.io can be used"
            )
        }
        self.command = command
        self.installHint = installHint
        self.apiVersion = apiVersion
        var environment = environment
        var info: [UInt8] = []
        info.writeJSON { json in
            json.object { json in
                json.member("apiVersion", apiVersion)
                json.member("kind", "ExecCredential")
                json.key("spec")
                json.object { $0.member("interactive", true) }
            }
        }
        environment["KUBERNETES_EXEC_INFO"] = String(decoding: info, as: UTF8.self)
        program = ChildProcess(command, arguments: arguments, environment: environment)
    }

    /// The credential, fetched when there is none or it is about to expire.
    func credential() throws(ClusterError) -> Credential {
        if let credential = known.withLock({ $0 }) {
            let isFresh = credential.expires.map { $0 - 10 > Clock.wall / 1_000_000_000 } ?? true
            if isFresh { return credential }
        }
        let credential = try fetch()
        known.withLock { $0 = credential }
        return credential
    }

    func forget() {
        known.withLock { $0 = nil }
    }

    private func fetch() throws(ClusterError) -> Credential {
        let result: ChildProcess.Result
        do throws(SystemError) {
            // A person may have to log in first.
            result = try program.run(until: Clock.monotonic + 300_000_000_000)
        } catch {
            throw ClusterError("the exec plugin: \(error)" + (installHint.map { "\n\($0)" } ?? ""))
        }
        guard result.status == 0 else {
            throw ClusterError("the exec plugin \(command) ended with status \(result.status)")
        }
        do throws(JSONError) {
            return try Self.credential(in: result.output, of: apiVersion)
        } catch {
            throw ClusterError(
                "the exec plugin \(command) printed no ExecCredential of \(apiVersion) with a status"
            )
        }
    }

    private static func credential(in output: [UInt8], of apiVersion: String) throws(JSONError) -> Credential
    {
        let root = try JSONDocument(output).root
        guard try root.member("apiVersion")?.equals(apiVersion) == true,
            let status = try root.member("status"), status.has(.object)
        else { throw JSONError("no status", at: 0) }
        var credential = Credential()
        credential.token = try status.member("token")?.string
        credential.certificate = try (status.member("clientCertificateData")?.string).map { Array($0.utf8) }
        credential.privateKey = try (status.member("clientKeyData")?.string).map { Array($0.utf8) }
        credential.expires = try (status.member("expirationTimestamp")?.string).flatMap(Timestamp.second)
        guard credential.token != nil || credential.certificate != nil && credential.privateKey != nil else {
            throw JSONError("no credential", at: 0)
        }
        return credential
    }
}
