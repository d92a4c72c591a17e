import Sockets
import Synchronization
package import TLS

/// Answers a request; it never fails: what cannot be decided is answered as such.
package typealias Handler = @Sendable (_ request: Request, _ response: inout Response) -> Void

/// What all the workers of a server share.
package final class Service: Sendable {
    package let limits: Limits
    package let statistics = Statistics()
    let handler: Handler
    /// The TLS context for a new connection, which keeps it; nil for plain HTTP.
    let context: (@Sendable () -> TLSContext)?
    /// Told why a TLS handshake failed.
    let handshakeFailed: @Sendable (TLSError) -> Void
    private let state = Atomic(Lifecycle.serving)

    package init(
        limits: Limits = Limits(),
        context: (@Sendable () -> TLSContext)? = nil,
        handshakeFailed: @escaping @Sendable (TLSError) -> Void = { _ in },
        handler: @escaping Handler
    ) {
        self.limits = limits
        self.context = context
        self.handshakeFailed = handshakeFailed
        self.handler = handler
    }

    package var lifecycle: Lifecycle {
        get { state.load(ordering: .acquiring) }
        set { state.store(newValue, ordering: .releasing) }
    }
}

/// What one worker keeps from request to request, so that a request allocates nothing that could be kept.
final class Workspace {
    let service: Service
    /// The present moment, on the monotonic clock, in nanoseconds; taken when the poller returns.
    var now = Clock.monotonic
    /// Lent to the connection that reads.
    var buffer: [UInt8] = []
    var output: [UInt8] = []
    var response = Response()
    private var date = HTTPDate()

    init(_ service: Service) {
        self.service = service
        buffer.reserveCapacity(Self.bufferCapacity)
    }

    /// Two TLS records.
    static let bufferCapacity = 32 << 10

    /// Writes the response at hand into `output`.
    func compose(omittingBody: Bool) {
        date.update(to: Clock.wall / Limits.second)
        output.removeAll(keepingCapacity: true)
        response.write(to: &output, date: date.bytes, omittingBody: omittingBody)
        service.statistics.responses.add(response.status)
    }
}
