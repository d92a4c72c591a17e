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

    /// A second, counted from 1970, as date and time in UTC.
    package static func utc(_ second: Int) -> UTC {
        var moment = time_t(second)
        var parts = tm()
        gmtime_r(&moment, &parts)
        return UTC(
            year: Int(parts.tm_year) + 1_900,
            month: Int(parts.tm_mon) + 1,
            day: Int(parts.tm_mday),
            weekday: Int(parts.tm_wday),
            hour: Int(parts.tm_hour),
            minute: Int(parts.tm_min),
            second: Int(parts.tm_sec)
        )
    }

    /// A date and time of day; months and days count from 1, weekdays from 0, a Sunday.
    package struct UTC: Sendable {
        package let year: Int
        package let month: Int
        package let day: Int
        package let weekday: Int
        package let hour: Int
        package let minute: Int
        package let second: Int

        /// The moment as RFC 3339 writes it.
        package var rfc3339: String {
            let fields = [month, day, hour, minute, second].map { ($0 < 10 ? "0" : "") + String($0) }
            return "\(year)-\(fields[0])-\(fields[1])T\(fields[2]):\(fields[3]):\(fields[4])Z"
        }
    }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
