/// How often what was decided, by rule, namespace and user, and over time.
package struct AuditStatistics: Sendable {
    package private(set) var decisions: [String: Int] = [:]
    package private(set) var rules: [String: Int] = [:]
    package private(set) var namespaces: [String: Int] = [:]
    package private(set) var users: [String: Int] = [:]
    /// By the second since 1970 in which each step of time begins.
    package private(set) var times: [Int: Int] = [:]
    package private(set) var total = 0
    /// How long a step of time is, in seconds.
    package private(set) var step = 60

    /// There are at most as many steps of time as this.
    private static let mostSteps = 48
    /// The lengths of a step that people can read.
    private static let steps = [60, 300, 900, 3_600, 4 * 3_600, 86_400, 7 * 86_400, 28 * 86_400]

    package init() {}

    package mutating func add(_ entry: AuditEntry) {
        total += 1
        decisions[entry.decision, default: 0] += 1
        for rule in Set(entry.rules) { rules[rule, default: 0] += 1 }
        namespaces[entry.namespace.isEmpty ? "(none)" : entry.namespace, default: 0] += 1
        users[entry.user.isEmpty ? "(nobody)" : entry.user, default: 0] += 1
        times[entry.time - entry.time % step, default: 0] += 1
        while let first = times.keys.min(), let last = times.keys.max(),
            (last - first) / step >= Self.mostSteps, let longer = Self.steps.first(where: { $0 > step })
        {
            step = longer
            times = Dictionary(times.map { ($0.key - $0.key % step, $0.value) }, uniquingKeysWith: +)
        }
    }

    /// The times without a gap between the first and the last.
    package var timeline: [(time: Int, count: Int)] {
        guard let first = times.keys.min(), let last = times.keys.max() else { return [] }
        return stride(from: first, through: last, by: step).map { ($0, times[$0] ?? 0) }
    }

    /// The most frequent of `counts` first, and equals by name.
    package static func ranked(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}
