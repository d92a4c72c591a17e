import Synchronization

/// The last refusals, in memory: enough for whoever looks at a cluster now, and never more than that.
///
/// A controller repeats what was refused for as long as nobody mends it. So a repetition is counted and takes no room from
/// another rejection.
package final class RecentRejections: AuditConsumer {
    private let state = Mutex(State())
    private static let limit = 20

    private struct State {
        /// The last that happened last.
        var rejections: [Rejection] = []
        var numbers = 0

        mutating func add(_ rejection: Rejection) {
            var rejection = rejection
            if let index = rejections.firstIndex(where: rejection.isSame) {
                let before = rejections.remove(at: index)
                rejection.number = before.number
                rejection.first = before.first
                rejection.count += before.count
            } else {
                numbers += 1
                rejection.number = numbers
            }
            rejections.append(rejection)
            rejections.removeFirst(max(0, rejections.count - limit))
        }
    }

    package init() {}

    /// The last that happened first.
    package var all: [Rejection] {
        state.withLock { $0.rejections.reversed() }
    }

    package func take(_ records: [AuditRecord], lost: Int) {
        let new = records.compactMap(Rejection.init)
        state.withLock { state in
            for rejection in new {
                state.add(rejection)
            }
        }
    }
}
