import Manifests
import Policy
import Sockets
import TLS

/// Where a command takes its policy from.
enum PolicySource {
    /// The policy of the file at `path`, or the default one without a path.
    static func policy(at path: String?) throws -> Policy {
        try snapshot(at: path).evaluator.policy
    }

    /// The same, ready to judge, with the hash of its file.
    static func snapshot(at path: String?) throws -> PolicySnapshot {
        guard let path else { return try snapshot(nil, name: "") }
        return try snapshot(try File.read(path), name: path)
    }

    /// The policy that `bytes` are, which come from the file called `name`; the default one of none.
    static func snapshot(_ bytes: [UInt8]?, name: String) throws -> PolicySnapshot {
        let policy = try bytes.map { try PolicyFile.parse($0, name: name) } ?? Policy()
        return PolicySnapshot(policy, hash: Digest.sha256(bytes ?? []))
    }
}
