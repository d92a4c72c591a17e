import Sockets

/// Moments as Kubernetes writes them: RFC 3339.
package enum Timestamp {
    /// The second since 1970 of such as `2026-11-24T05:00:00Z` or `…T06:00:00.123+01:00`; nil for another text.
    package static func second(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":")
        else { return nil }
        let number = { (range: Range<Int>) in Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        let moment = Clock.UTC(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        let zone = bytes[19...].drop {
            $0 == UInt8(ascii: ".") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        guard let offset = offset(Array(zone)) else { return nil }
        return Clock.second(moment) - offset
    }

    /// The moment, to the second.
    package static func text(_ second: Int) -> String {
        Clock.utc(second).rfc3339
    }

    /// The moment, with the six decimals that a MicroTime must have.
    package static func micro(_ second: Int) -> String {
        "\(Clock.utc(second).rfc3339.dropLast()).000000Z"
    }

    private static func offset(_ zone: [UInt8]) -> Int? {
        if zone.count == 1, zone[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            let hours = Int(String(decoding: zone[1..<3], as: UTF8.self)),
            let minutes = Int(String(decoding: zone[4..<6], as: UTF8.self))
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return zone[0] == UInt8(ascii: "-") ? -seconds : zone[0] == UInt8(ascii: "+") ? seconds : nil
    }
}
