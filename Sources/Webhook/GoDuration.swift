/// A duration as Go's `time.Duration` writes it, such as `3s`, `1m30s` or `1.5s`.
package enum GoDuration {
    /// The nanoseconds that `text` stands for; nil when it is no positive duration.
    package static func nanoseconds(_ text: ArraySlice<UInt8>) -> Int? {
        var total = 0
        var at = text.startIndex
        while at < text.endIndex {
            guard let number = number(text, &at), let unit = unit(text, &at) else { return nil }
            let (whole, overflow) = number.whole.multipliedReportingOverflow(by: unit)
            guard !overflow, whole < limit else { return nil }
            total += whole + fraction(number.billionths, of: unit)
            guard total < limit else { return nil }
        }
        return total > 0 ? total : nil
    }

    /// Half of what fits: nobody waits that long.
    private static let limit = Int.max / 2

    private static func fraction(_ billionths: Int, of unit: Int) -> Int {
        let billion = 1_000_000_000
        return unit >= billion ? billionths * (unit / billion) : billionths * unit / billion
    }

    /// A decimal number; what is smaller than a billionth is not looked at.
    private static func number(_ text: ArraySlice<UInt8>, _ at: inout Int) -> (whole: Int, billionths: Int)? {
        var whole = 0
        var billionths = 0
        var place: Int?
        let start = at
        while at < text.endIndex, at - start < 18 {
            let byte = text[at]
            if byte == UInt8(ascii: "."), place == nil {
                place = 100_000_000
            } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                let digit = Int(byte - UInt8(ascii: "0"))
                if let weight = place {
                    billionths += digit * weight
                    place = weight / 10
                } else {
                    whole = whole * 10 + digit
                }
            } else {
                return at > start ? (whole, billionths) : nil
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
