import Synchronization

/// A bounded queue between threads that must not wait and one that may.
///
/// What does not fit is dropped and counted; whoever takes things out learns how many were lost before them.
package final class Mailbox<Item: Sendable>: Sendable {
    private let name: String
    private let limit: Int
    private let cost: @Sendable (Item) -> Int
    private let take: @Sendable ([Item], _ lost: Int) -> Void
    private let queue = Mutex(Queue())
    /// Held while items are being taken, so that whoever flushes at the end waits for them too.
    private let taking = Mutex(())
    private let bell: Bell
    private let drops = Atomic(0)

    private struct Queue {
        var items: [Item] = []
        var size = 0
        var lost = 0
    }

    /// A mailbox for as many items as cost at most `limit` together.
    ///
    /// `take` gets them in order, a batch at a time, on a thread called `name` or on that of ``flush()``.
    package init(
        _ name: String,
        limit: Int,
        cost: @escaping @Sendable (Item) -> Int = { _ in 1 },
        take: @escaping @Sendable ([Item], _ lost: Int) -> Void
    ) throws(SystemError) {
        self.name = name
        self.limit = limit
        self.cost = cost
        self.take = take
        bell = try Bell()
    }

    /// How many items were dropped since the start.
    package var dropped: Int {
        drops.load(ordering: .relaxed)
    }

    /// Starts the thread that takes items out.
    package func start() throws(SystemError) {
        _ = try Thread(named: name) {
            while true {
                self.bell.wait()
                self.flush()
            }
        }
    }

    package func add(_ item: Item) {
        let size = cost(item)
        let wasEmpty = queue.withLock { queue in
            guard queue.size + size <= limit else {
                queue.lost += 1
                drops.wrappingAdd(1, ordering: .relaxed)
                return false
            }
            queue.size += size
            queue.items.append(item)
            return queue.items.count == 1
        }
        if wasEmpty {
            bell.ring()
        }
    }

    /// Takes out what is there, on the calling thread.
    package func flush() {
        taking.withLock { _ in
            let taken = queue.withLock { queue in
                defer { queue = Queue() }
                return queue
            }
            if !taken.items.isEmpty || taken.lost > 0 {
                take(taken.items, taken.lost)
            }
        }
    }
}
