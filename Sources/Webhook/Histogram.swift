import HTTP

/// How long something took, in buckets.
package struct Histogram: Sendable {
    /// Upper bounds, in nanoseconds: a decision takes microseconds, the network around it milliseconds.
    static let bounds = [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
    ]

    /// One for each bound, and one for what is above them all.
    private let counters = (0...bounds.count).map { _ in Counter() }
    private let total = Counter()

    func observe(_ nanoseconds: Int) {
        let bucket = Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
        counters[bucket].add()
        total.add(nanoseconds)
    }

    /// The count up to each bound, and the count and sum of all.
    var snapshot: (cumulative: [Int], count: Int, nanoseconds: Int) {
        var cumulative: [Int] = []
        var count = 0
        for counter in counters {
            count += counter.value
            cumulative.append(count)
        }
        return (cumulative.dropLast(), count, total.value)
    }
}
