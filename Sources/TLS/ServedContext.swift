import Synchronization

/// The TLS context that new connections get; rotation swaps it whole.
///
/// A connection keeps the context that it began with.
package final class ServedContext: Sendable {
    private let context: Mutex<TLSContext>

    package init(_ context: TLSContext) {
        self.context = Mutex(context)
    }

    package var current: TLSContext {
        get { context.withLock { $0 } }
        set { context.withLock { $0 = newValue } }
    }
}
