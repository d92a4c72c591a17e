import HTTP
import Policy
package import Sockets
import StatusPage
import Synchronization

/// The requests of the last hour, minute by minute: the counters of the metrics, remembered.
///
/// A thread of its own reads them at each turn of a minute; the admission path has nothing to do with it.
package final class TrafficHistory: Sendable {
    private let metrics: Metrics
    /// What the counters were when each minute began, the present one last.
    private let readings: Mutex<[Metrics.Reading]>
    private static let minutes = 60

    package init(_ metrics: Metrics) {
        self.metrics = metrics
        readings = Mutex([metrics.reading])
    }

    /// Starts to remember.
    package func start() throws(SystemError) {
        _ = try Thread(named: "history") {
            while true {
                Clock.sleep(milliseconds: 60_000 - Clock.wall / 1_000_000 % 60_000)
                self.turn()
            }
        }
    }

    /// Begins another minute.
    func turn() {
        let reading = metrics.reading
        readings.withLock { readings in
            readings.append(reading)
            readings.removeFirst(max(0, readings.count - Self.minutes))
        }
    }

    /// Each minute that is remembered, the present one last.
    var minutes: [Overview.Minute] {
        let readings = readings.withLock { $0 } + [metrics.reading]
        return zip(readings, readings.dropFirst()).map { begin, end in
            let counts = zip(end.decisions, begin.decisions).map { $0 - $1 }
            let buckets = zip(end.buckets, begin.buckets).map { $0 - $1 }
            return Overview.Minute(
                decisions: Dictionary(uniqueKeysWithValues: zip(Verdict.Decision.allCases, counts)),
                p50: Histogram.quantile(0.5, of: buckets),
                p99: Histogram.quantile(0.99, of: buckets)
            )
        }
    }
}
