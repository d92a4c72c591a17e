/// A duration as Go's `time.Duration` writes it, such as `3s` or `1m30s`.
enum GoDuration {
    /// The nanoseconds that `text` stands for; nil when it is no positive duration.
    static func nanoseconds(_ text: ArraySlice<UInt8>) -> Int? {
        var total = 0.0
        var rest = text
        while !rest.isEmpty {
            let number = rest.prefix {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".")
            }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
            rest = rest[unit.endIndex...]
            guard let value = Double(String(decoding: number, as: UTF8.self)),
                let scale = scales[String(decoding: unit, as: UTF8.self)]
            else { return nil }
            total += value * scale
        }
        return total > 0 && total < 1e18 ? Int(total) : nil
    }

    private static let scales = ["ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12]
}
