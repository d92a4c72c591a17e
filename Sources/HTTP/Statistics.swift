import Synchronization

/// What a server has done since its start, counted for its metrics.
package final class Statistics: Sendable {
    /// How a TLS handshake ended.
    package enum Handshake: String, CaseIterable, Sendable {
        case success
        case failure
        /// The peer hung up before it was over: a probe, or a client that needs it no more.
        case closed
        case timeout
        /// The peer spoke plain HTTP.
        case plainHTTP = "plain_http"
    }

    package let responses = CounterTable<Status>()
    package let handshakes = CounterTable<Handshake>()
    /// Connections that are open now.
    package let connections = Counter()
    /// Bytes of incomplete requests that are held now.
    package let buffered = Counter()

    package init() {}
}

/// A number that many threads add to.
package final class Counter: Sendable {
    private let number = Atomic(0)

    package init() {}

    package var value: Int {
        number.load(ordering: .relaxed)
    }

    package func add(_ amount: Int = 1) {
        number.wrappingAdd(amount, ordering: .relaxed)
    }
}

/// A counter for each value of an enumeration.
package struct CounterTable<Key: CaseIterable & Hashable & Sendable>: Sendable {
    private let counters: [Key: Counter]

    package init() {
        counters = Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0, Counter()) })
    }

    package func add(_ key: Key, _ amount: Int = 1) {
        counters[key]?.add(amount)
    }

    package subscript(key: Key) -> Int {
        counters[key]?.value ?? 0
    }
}
