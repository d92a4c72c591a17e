import Synchronization

/// How many requests were answered with what.
package final class RequestCounts: Sendable {
    package struct Key: Hashable, Comparable, Sendable {
        package let verb: APIRequest.Verb
        /// 0 for no answer.
        package let status: Int

        package static func < (left: Key, right: Key) -> Bool {
            (left.verb.rawValue, left.status) < (right.verb.rawValue, right.status)
        }
    }

    private let counts = Mutex<[Key: Int]>([:])

    func add(_ verb: APIRequest.Verb, _ status: Int) {
        counts.withLock { $0[Key(verb: verb, status: status), default: 0] += 1 }
    }

    /// All counts, in the order of their keys.
    package var all: [(key: Key, count: Int)] {
        counts.withLock { $0.map { (key: $0.key, count: $0.value) }.sorted { $0.key < $1.key } }
    }
}
