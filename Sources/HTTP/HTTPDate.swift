/// The Date field's value (IMF-fixdate, RFC 9110, section 5.6.7), made once a second.
struct HTTPDate {
    private(set) var bytes: [UInt8] = []
    private var second = -1

    /// Brings the text up to `second`, counted from 1970.
    mutating func update(to second: Int) {
        guard second != self.second else { return }
        self.second = second
        let days = second / 86_400
        let (year, month, day) = Self.date(days)
        let time = second % 86_400
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: Self.weekdays[(days + 4) % 7].utf8)
        bytes.append(", ")
        append(day)
        bytes.append(" ")
        bytes.append(contentsOf: Self.months[month - 1].utf8)
        bytes.append(" ")
        bytes.append(decimal: year)
        bytes.append(" ")
        append(time / 3_600)
        bytes.append(":")
        append(time / 60 % 60)
        bytes.append(":")
        append(time % 60)
        bytes.append(" GMT")
    }

    private mutating func append(_ twoDigits: Int) {
        bytes.append(decimal: twoDigits / 10)
        bytes.append(decimal: twoDigits % 10)
    }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
