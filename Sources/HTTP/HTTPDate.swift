import Sockets

/// The Date field's value (IMF-fixdate, RFC 9110, section 5.6.7), made once a second.
struct HTTPDate {
    private(set) var bytes: [UInt8] = []
    private var second = -1

    /// Brings the text up to `second`, counted from 1970.
    mutating func update(to second: Int) {
        guard second != self.second else { return }
        self.second = second
        let time = Clock.utc(second)
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: Self.weekdays[time.weekday].utf8)
        bytes.append(", ")
        append(time.day)
        bytes.append(" ")
        bytes.append(contentsOf: Self.months[time.month - 1].utf8)
        bytes.append(" ")
        bytes.append(decimal: time.year)
        bytes.append(" ")
        append(time.hour)
        bytes.append(":")
        append(time.minute)
        bytes.append(":")
        append(time.second)
        bytes.append(" GMT")
    }

    /// The second since 1970 that such a text tells; nil when it tells none.
    static func second(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, let day = Int(parts[1]), let year = Int(parts[3]), parts[5] == "GMT",
            let month = months.firstIndex(where: { $0 == parts[2] })
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return Clock.second(
            Clock.UTC(
                year: year,
                month: month + 1,
                day: day,
                hour: time[0],
                minute: time[1],
                second: time[2]
            )
        )
    }

    private mutating func append(_ twoDigits: Int) {
        bytes.append(decimal: twoDigits / 10)
        bytes.append(decimal: twoDigits % 10)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
