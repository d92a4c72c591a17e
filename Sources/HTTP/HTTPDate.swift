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

    private mutating func append(_ twoDigits: Int) {
        bytes.append(decimal: twoDigits / 10)
        bytes.append(decimal: twoDigits % 10)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
