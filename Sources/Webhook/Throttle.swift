import Synchronization

/// Lets something happen at most once in a while.
package final class Throttle: Sendable {
    private let interval: Int
    private let next = Atomic(Int.min)

    /// Lets it happen once every `interval` nanoseconds.
    package init(every interval: Int) {
        self.interval = interval
    }

    /// Whether it may happen now, at `moment`; if so, the next time is `interval` later.
    package func allows(at moment: Int) -> Bool {
        let due = next.load(ordering: .relaxed)
        guard moment >= due else { return false }
        return next.compareExchange(expected: due, desired: moment + interval, ordering: .relaxed).exchanged
    }
}
