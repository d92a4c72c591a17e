import Manifests
import Policy
import Sockets

/// Where a command takes its policy from.
enum PolicySource {
    /// The policy of the file at `path`, or the default one without a path.
    static func policy(at path: String?) throws -> Policy {
        guard let path else { return Policy() }
        return try PolicyFile.parse(try File.read(path), name: path)
    }
}
