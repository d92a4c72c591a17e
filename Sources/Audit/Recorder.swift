package import HTTP
package import Sockets
import Synchronization

/// Whoever keeps or tells decisions; asked on the recorder's thread.
package protocol AuditConsumer: Sendable {
    /// Takes records in the order of their decisions; `lost` ones came before them and were not kept.
    func take(_ records: [AuditRecord], lost: Int)
}

/// Takes decisions from the admission path to whoever keeps or tells them, on a thread of its own.
///
/// The admission path only puts them into a bounded queue: it never waits for a disk or a network.
package final class Recorder: Sendable {
    /// Decisions that were made but are not on record, because the queue was full.
    package let dropped = Counter()
    private let consumers: [any AuditConsumer]
    private let queue = Mutex(Queue())
    /// Held while records are on their way, so that whoever flushes at the end waits for them too.
    private let taking = Mutex(())
    private let bell: Bell
    private static let limit = 4_096

    private struct Queue {
        var records: [AuditRecord] = []
        var lost = 0
    }

    package init(_ consumers: [any AuditConsumer]) throws(SystemError) {
        self.consumers = consumers
        bell = try Bell()
    }

    /// Starts to hand records on.
    package func start() throws(SystemError) {
        _ = try Thread(named: "audit") {
            while true {
                self.bell.wait()
                self.flush()
            }
        }
    }

    package func add(_ record: AuditRecord) {
        let wasEmpty = queue.withLock { queue in
            guard queue.records.count < Self.limit else {
                queue.lost += 1
                return false
            }
            queue.records.append(record)
            return queue.records.count == 1
        }
        if wasEmpty {
            bell.ring()
        }
    }

    /// Hands on what is in the queue, on the calling thread.
    package func flush() {
        taking.withLock { _ in
            let taken = queue.withLock { queue in
                defer { queue = Queue() }
                return queue
            }
            dropped.add(taken.lost)
            guard !taken.records.isEmpty else { return }
            for consumer in consumers {
                consumer.take(taken.records, lost: taken.lost)
            }
        }
    }
}
