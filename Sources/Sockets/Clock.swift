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

    /// The second since 1970 of a date and time of day in UTC.
    package static func second(_ moment: UTC) -> Int {
        var parts = tm()
        parts.tm_year = CInt(clamping: moment.year - 1_900)
        parts.tm_mon = CInt(clamping: moment.month - 1)
        parts.tm_mday = CInt(clamping: moment.day)
        parts.tm_hour = CInt(clamping: moment.hour)
        parts.tm_min = CInt(clamping: moment.minute)
        parts.tm_sec = CInt(clamping: moment.second)
        return timegm(&parts)
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

        package init(
            year: Int,
            month: Int,
            day: Int,
            weekday: Int = 0,
            hour: Int,
            minute: Int,
            second: Int
        ) {
            self.year = year
            self.month = month
            self.day = day
            self.weekday = weekday
            self.hour = hour
            self.minute = minute
            self.second = second
        }

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
