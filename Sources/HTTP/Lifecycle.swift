import Synchronization

/// How far the server is on its way from serving to gone.
package enum Lifecycle: Int, AtomicRepresentable, Sendable {
    case serving
    /// Requests are served, and every reply ends its connection: the client opens the next one elsewhere.
    case draining
    /// Requests are answered with 503 and a Retry-After that the API server honours.
    case refusing
    /// Connections are being closed.
    case stopped
}
