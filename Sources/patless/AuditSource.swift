import Audit
import HTTP
import Logging
import Sockets
import Webhook

/// The trails that `serve` keeps.
enum AuditSource {
    static func trails(_ options: Serve, _ logger: Logger) throws -> [Trail] {
        let audit = options.audit
        // The name of the pod; elsewhere it tells machines apart.
        let instance = ProcessStatus.hostName
        return try audit.audit.filter { $0 != "none" }.map { destination in
            let throttle = Throttle(every: 60 * Limits.second)
            let failed = { @Sendable (error: SystemError) in
                guard throttle.allows(at: Clock.monotonic) else { return }
                logger.error(
                    "decisions are not on record",
                    metadata: ["trail": "\(destination)", "reason": "\(error)"]
                )
            }
            guard destination != "stdout" else {
                return try Trail.standardOutput(instance: instance, failed: failed)
            }
            let rotation = TrailFile.Rotation(
                bytes: audit.auditSize << 20,
                seconds: audit.auditAge.seconds,
                kept: audit.auditKeep
            )
            return try Trail.file(
                try TrailFile(destination, rotation),
                instance: instance,
                failed: failed
            )
        }
    }
}
