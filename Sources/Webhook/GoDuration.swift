/// A duration as Go's `time.Duration` writes it, such as `3s`, `1m30s` or `1.5s`.
enum GoDuration {
    /// The nanoseconds that `text` stands for; nil when it is no positive duration.
    static func nanoseconds(_ text: ArraySlice<UInt8>) -> Int? {
        var total = 0
        var at = text.startIndex
        while at < text.endIndex {
            guard let number = number(text, &at), let unit = unit(text, &at) else { return nil }
            let (product, overflow) = number.value.multipliedReportingOverflow(by: unit)
            guard !overflow, product < limit else { return nil }
            total += product / number.divisor
            guard total < limit else { return nil }
        }
        return total > 0 ? total : nil
    }

    /// Half of what fits: nobody waits that long.
    private static let limit = Int.max / 2

    /// A decimal number, as a whole number and what to divide it by.
    private static func number(_ text: ArraySlice<UInt8>, _ at: inout Int) -> (value: Int, divisor: Int)? {
        var value = 0
        var divisor = 0
        let start = at
        while at < text.endIndex, at - start < 12 {
            switch text[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value * 10 + Int(text[at] - UInt8(ascii: "0"))
                divisor *= 10
            case UInt8(ascii: ".") where divisor == 0:
                divisor = 1
            default:
                return at > start ? (value, max(divisor, 1)) : nil
            }
            at += 1
        }
        return nil
    }

    private static func unit(_ text: ArraySlice<UInt8>, _ at: inout Int) -> Int? {
        let next = at + 1 < text.endIndex ? text[at + 1] : 0
        let isTwoLetters = next == UInt8(ascii: "s")
        defer { at += isTwoLetters ? 2 : 1 }
        return switch (text[at], isTwoLetters) {
        case (UInt8(ascii: "n"), true): 1
        case (UInt8(ascii: "u"), true): 1_000
        case (UInt8(ascii: "m"), true): 1_000_000
        case (UInt8(ascii: "s"), false): 1_000_000_000
        case (UInt8(ascii: "m"), false): 60_000_000_000
        case (UInt8(ascii: "h"), false): 3_600_000_000_000
        default: nil
        }
    }
}
