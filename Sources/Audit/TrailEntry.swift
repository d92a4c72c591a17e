/// One line of an audit trail.
enum TrailEntry: Sendable {
    /// The server began to decide, by this policy.
    case start(version: String, policy: String)
    case decision(AuditRecord)
    /// So many decisions before this one are not on record.
    case gap(lost: Int, Loss)
    /// The server ended in order.
    case stop

    /// When it was, in nanoseconds since 1970; nil for what is told when it is written.
    var time: Int? {
        if case .decision(let record) = self { record.time } else { nil }
    }

    /// About how many bytes it takes to keep it.
    var weight: Int {
        if case .decision(let record) = self { record.weight } else { 256 }
    }
}

/// Why decisions are not on record.
package enum Loss: String, CaseIterable, Sendable {
    /// More came than could be written.
    case queueFull = "queue_full"
    case diskFull = "disk_full"
    /// Any other failure to write.
    case writeError = "write_error"
}
