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
        var toldAt = 0
        var seenAt: Int
    }

    private var series: [ClusterEvent: Series] = [:]
    private var bucket: TokenBucket
    /// Refusals that no Event tells of, because there were too many different ones.
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
        var steps: [Step] = []
        let due = series.filter { $0.value.count > $0.value.told }.sorted {
            $0.value.seenAt < $1.value.seenAt
        }
        for (event, entry) in due {
            guard entry.told == 0 || now - entry.toldAt >= Self.pause, bucket.take(at: now) else { continue }
            if let name = entry.name {
                steps.append(.update(event, name: name, count: entry.count))
            } else {
                steps.append(.create(event))
            }
            series[event]?.told = entry.count
            series[event]?.toldAt = now
        }
        series = series.filter { now - $0.value.seenAt < Self.quiet }
        return steps
    }

    /// Notes what the API server called an Event; nil when it refused it, so that it is forgotten.
    mutating func wrote(_ event: ClusterEvent, as name: String?) {
        if let name {
            series[event]?.name = name
        } else {
            series[event] = nil
        }
    }
}
