/// The bounds of what a peer may make the server hold, and for how long.
///
/// Times are nanoseconds.
package struct Limits: Sendable {
    /// Request line and header fields.
    package var headBytes = 16 << 10
    package var headerFields = 100
    /// Two objects of 3 MiB, the most that the API server takes, and what is around them.
    package var bodyBytes = 7 << 20
    /// Incomplete requests, over all connections.
    package var bufferedBytes = 48 << 20
    package var connections = 16_384

    package var handshake = 10 * second
    /// From the first byte of a request to the end of its head.
    package var head = 10 * second
    /// From the first byte of a request to its last: the longest `timeoutSeconds` of a webhook.
    package var body = 30 * second
    package var write = 30 * second
    /// The API server drops a connection that was idle for 90 s; whoever closes first loses a request.
    package var idle = 360 * second
    /// How old a connection grows before a reply ends it, so that load finds new replicas.
    package var age = 600 * second
    package var linger = 2 * second
    /// How often the times above are looked at.
    package var sweep = second / 2

    package static let second = 1_000_000_000

    package init() {}

    /// Limits that fit into `memory` bytes, which is what the container may have; nil for no bound.
    ///
    /// Half is for connections: an idle one with TLS takes 14 KiB, but one whose peer reads no answers 40 KiB, and all may be
    /// such at once. A quarter is for what is being received; the rest is for the program and for what it decides.
    package init(memory: Int?) {
        guard let memory else { return }
        bufferedBytes = min(bufferedBytes, max(memory / 4, bodyBytes + (1 << 20)))
        connections = min(connections, max(memory / 2 / (48 << 10), 256))
    }
}
