/// A calendar day in UTC, written `2027-03-31`.
package struct Day: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    package let number: Int

    /// The day that `number` days after 1970-01-01 is.
    package init(number: Int) {
        self.number = number
    }

    /// The day of a moment, in seconds since 1970-01-01T00:00:00Z.
    package init(at seconds: Int) {
        number = Int((Double(seconds) / 86_400).rounded(.down))
    }

    /// The day that `text` names as `YYYY-MM-DD`; nil when it names none (February 30 is none).
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2] else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.allSatisfy({ $0.allSatisfy(digits.contains) }) else { return nil }
        let values = parts.map { $0.reduce(0) { $0 * 10 + Int($1) - 48 } }
        number = Self.number(year: values[0], month: values[1], day: values[2])
        guard values[0] >= 1970, description == String(text) else { return nil }
    }

    package static func < (left: Day, right: Day) -> Bool {
        left.number < right.number
    }

    /// The first second of the day, since 1970-01-01T00:00:00Z.
    package var start: Int {
        number * 86_400
    }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func number(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Day: CustomStringConvertible {
    package var description: String {
        let shifted = number + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
