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

    /// The count of each bucket by itself, that of what is above all bounds last.
    var counts: [Int] {
        counters.map(\.value)
    }

    /// What a share of all was at most, in nanoseconds, as if those in a bucket were spread evenly; nil of nothing.
    static func quantile(_ share: Double, of counts: [Int]) -> Int? {
        var rest = share * Double(counts.reduce(0, +))
        guard rest > 0 else { return nil }
        for (index, bound) in bounds.enumerated() {
            let count = Double(counts[index])
            if rest <= count {
                let lower = index == 0 ? 0 : bounds[index - 1]
                return lower + Int(Double(bound - lower) * rest / count)
            }
            rest -= count
        }
        return bounds.last
    }
}
