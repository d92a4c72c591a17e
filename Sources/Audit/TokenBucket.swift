/// A bound on how often something is done: so many times at once, and then one every so often.
struct TokenBucket: Sendable {
    private let most: Int
    private let interval: Int
    private var tokens: Int
    private var since: Int

    /// A full bucket of `most` tokens, which gets one back every `interval` nanoseconds; times are monotonic.
    init(_ most: Int, every interval: Int, at now: Int) {
        self.most = most
        self.interval = interval
        tokens = most
        since = now
    }

    /// Takes a token; false when there is none.
    mutating func take(at now: Int) -> Bool {
        let earned = (now - since) / interval
        if earned > 0 {
            tokens = min(tokens + earned, most)
            since += earned * interval
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
