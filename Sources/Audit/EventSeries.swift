import Cluster

/// Which Events are to be written: what is new at once, what repeats now and then, and never too many.
///
/// Times are in nanoseconds on a clock that never goes back. As in client-go, a series that is quiet for six minutes ends.
struct EventSeries: Sendable {
    /// What is to be written.
    enum Step: Sendable, Equatable {
        case create(ClusterEvent)
        case update(ClusterEvent, name: String, count: Int)
    }

    private struct Series {
        /// What the API server called it; nil before it is written.
        var name: String?
        var count = 1
        var told = 0
        var triedAt: Int?
        var seenAt: Int
    }

    private var series: [ClusterEvent: Series] = [:]
    private var bucket: TokenBucket
    /// Refusals that no Event tells of: there were too many different ones, or it was not taken until they were over.
    private(set) var dropped = 0

    private static let second = 1_000_000_000
    private static let most = 1_000
    private static let pause = 60 * second
    private static let quiet = 360 * second

    init(at now: Int) {
        bucket = TokenBucket(25, every: 5 * Self.second, at: now)
    }

    /// Notes that it happened.
    mutating func note(_ event: ClusterEvent, at now: Int) {
        if series[event] != nil {
            series[event]?.count += 1
            series[event]?.seenAt = now
        } else if series.count < Self.most {
            series[event] = Series(seenAt: now)
        } else {
            dropped += 1
        }
    }

    /// What is to be written now; series that are over are forgotten.
    mutating func steps(at now: Int) -> [Step] {
        for (event, entry) in series where now - entry.seenAt >= Self.quiet {
            if entry.name == nil { dropped += 1 }
            series[event] = nil
        }
        var steps: [Step] = []
        // What was never tried goes first, so that what cannot be written keeps nothing else waiting.
        let due = series.filter { _, entry in
            entry.count > entry.told && entry.triedAt.map { now - $0 >= Self.pause } ?? true
        }.sorted {
            ($0.value.triedAt ?? .min, $0.value.seenAt) < ($1.value.triedAt ?? .min, $1.value.seenAt)
        }
        for (event, entry) in due {
            guard bucket.take(at: now) else { break }
            if let name = entry.name {
                steps.append(.update(event, name: name, count: entry.count))
            } else {
                steps.append(.create(event))
            }
            series[event]?.told = entry.count
            series[event]?.triedAt = now
        }
        return steps
    }

    /// Notes what the API server called an Event; nil when there is no such Event any more.
    mutating func wrote(_ event: ClusterEvent, as name: String?) {
        series[event]?.name = name
        if name == nil { failed(event) }
    }

    /// Notes that an Event was not taken, so that it is tried anew after the pause.
    mutating func failed(_ event: ClusterEvent) {
        series[event]?.told = 0
    }
}
