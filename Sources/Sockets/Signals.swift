import Glibc

/// The signals that end the process, received by a thread that waits for them.
///
/// They are blocked in every thread, so no code of ours ever runs inside a signal handler.
package struct Signals: Sendable {
    /// A signal that asks the process to end.
    package enum Ending: Sendable {
        /// SIGTERM: take leave, losing nothing.
        case terminate
        /// SIGINT: a person pressed Ctrl-C.
        case interrupt
    }

    /// Blocks them in the calling thread and all that it will start, and ignores SIGPIPE and SIGXFSZ.
    ///
    /// OpenSSL writes with write(2), which raises SIGPIPE when the peer is gone; and a file that may not grow any more is
    /// an error of the write, not the end of the process.
    package init() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next one.
    package func wait() -> Ending {
        var set = Self.set
        var signal: CInt = 0
        while sigwait(&set, &signal) != 0 {}
        return signal == SIGINT ? .interrupt : .terminate
    }

    /// Waits for the next one, at most `seconds`; nil when none came.
    package func wait(seconds: Int) -> Ending? {
        var set = Self.set
        var time = timespec(tv_sec: seconds, tv_nsec: 0)
        let signal = sigtimedwait(&set, nil, &time)
        guard signal > 0 else { return nil }
        return signal == SIGINT ? .interrupt : .terminate
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}
