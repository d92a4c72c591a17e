import Glibc

/// The system's clocks.
package enum Clock {
    /// Nanoseconds on a clock that never goes back; only differences mean something.
    package static var monotonic: Int {
        read(CLOCK_MONOTONIC)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z, by the wall clock, which may be set.
    package static var wall: Int {
        read(CLOCK_REALTIME)
    }

    /// Lets the calling thread sleep.
    package static func sleep(milliseconds: Int) {
        usleep(UInt32(milliseconds) * 1_000)
    }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
