import CLinux
import Glibc

/// A thread of the system, named for what it does.
package struct Thread: @unchecked Sendable {
    // pthread_t is a number that may be handed around; pthread_join is called once, by the owner.
    private let handle: pthread_t

    /// Starts a thread that runs `body`.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var handle = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        // The system's default of 8 MiB counts against a container's limits on some kernels.
        pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { pthread_attr_destroy(&attributes) }
        let code = pthread_create(
            &handle,
            &attributes,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            throw SystemError("start a thread", code: code)
        }
        pthread_setname_np(handle, String(name.prefix(15)))
        self.handle = handle
    }

    /// Waits until it has ended.
    package func join() {
        pthread_join(handle, nil)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
