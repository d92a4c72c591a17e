package import Sockets

/// Whoever keeps or tells decisions.
package protocol AuditConsumer: Sendable {
    /// Takes records in the order of their decisions; `lost` ones came before them and were not kept.
    ///
    /// It is asked on the recorder's thread and must not keep it waiting: what waits for a disk or a network has a mailbox of
    /// its own.
    func take(_ records: [AuditRecord], lost: Int)

    /// Ends what is under way: the server is about to end.
    func flush()
}

extension AuditConsumer {
    package func flush() {}
}

/// Takes decisions from the admission path to whoever keeps or tells them.
///
/// The admission path only puts them into a bounded queue.
package final class Recorder: Sendable {
    private let consumers: [any AuditConsumer]
    private let mailbox: Mailbox<AuditRecord>

    package init(_ consumers: [any AuditConsumer]) throws(SystemError) {
        self.consumers = consumers
        mailbox = try Mailbox("audit", limit: 2 << 20, cost: \.weight) { records, lost in
            for consumer in consumers {
                consumer.take(records, lost: lost)
            }
        }
    }

    /// Decisions that no consumer heard of, because the queue was full.
    package var dropped: Int { mailbox.dropped }

    /// Starts to hand records on.
    package func start() throws(SystemError) {
        try mailbox.start()
    }

    package func add(_ record: AuditRecord) {
        mailbox.add(record)
    }

    /// Hands on all there is, and has every consumer end what it has begun.
    package func flush() {
        mailbox.flush()
        for consumer in consumers {
            consumer.flush()
        }
    }
}
