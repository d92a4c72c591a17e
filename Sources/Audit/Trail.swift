package import HTTP
package import Sockets

/// Keeps decisions as lines of JSON that vouch for one another, and never lets a decision wait for that.
///
/// What cannot be kept is counted, and the next line that can be kept says how many are missing and why.
package final class Trail: AuditConsumer {
    /// Where it goes: `stdout` or `file`.
    package let name: String
    private let keeper: TrailKeeper
    private let mailbox: Mailbox<TrailEntry>

    /// A trail to standard output; its chain begins anew.
    ///
    /// `instance` is the replica's name; `failed` is told when something could not be written.
    package static func standardOutput(
        instance: String,
        failed: @escaping @Sendable (SystemError) -> Void
    ) throws(SystemError) -> Trail {
        let stream = TrailStream(to: File.standardOutput)
        return try Trail("stdout", TrailKeeper(stream, Chain(), instance: instance, failed: failed))
    }

    /// A trail in a file, whose chain goes on.
    package static func file(
        _ file: TrailFile,
        instance: String,
        failed: @escaping @Sendable (SystemError) -> Void
    ) throws(SystemError) -> Trail {
        try Trail("file", TrailKeeper(file, file.chain, instance: instance, failed: failed))
    }

    init(_ name: String, _ keeper: TrailKeeper) throws(SystemError) {
        self.name = name
        self.keeper = keeper
        mailbox = try Mailbox(name, limit: 2 << 20, cost: \.weight) { entries, lost in
            keeper.lose(lost, .queueFull)
            keeper.keep(entries)
        }
    }

    /// Decisions that are not on record, by why.
    package var losses: CounterTable<Loss> { keeper.losses }

    /// Begins: the first line says by which version and policy.
    package func start(version: String, policy: String) throws(SystemError) {
        mailbox.add(.start(version: version, policy: policy))
        try mailbox.start()
    }

    package func take(_ records: [AuditRecord], lost: Int) {
        keeper.lose(lost, .queueFull)
        for record in records { mailbox.add(.decision(record)) }
    }

    /// Writes what is pending, on the calling thread.
    func pass() {
        mailbox.flush()
    }

    /// Ends: the last line says that it was in order.
    package func flush() {
        pass()
        mailbox.add(.stop)
        pass()
    }
}
