/// How long to wait before each next try: about twice as long every time, with chance in it so that many who failed
/// together do not come back together.
package struct Backoff: Sendable {
    private let first: Int
    private let most: Int
    private var bound: Int

    /// Waits of about `first` nanoseconds up to about `most`.
    package init(first: Int = 500_000_000, most: Int = 30_000_000_000) {
        self.first = first
        self.most = most
        bound = first
    }

    /// The next wait: between half its bound and the whole.
    package mutating func next() -> Int {
        defer { bound = min(bound * 2, most) }
        return Int.random(in: bound / 2...bound)
    }

    /// Begins again: something has succeeded.
    package mutating func reset() {
        bound = first
    }
}
