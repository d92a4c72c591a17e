import Markup
import Sockets

/// Moments and spans as people say them.
enum TimeText {
    /// How long `seconds` are, in the unit that is left to think in: `6 days`, `18 hours`.
    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(max(0, seconds)) seconds"
        case ..<(2 * 3_600): "\(seconds / 60) minutes"
        case ..<(2 * 86_400): "\(seconds / 3_600) hours"
        default: "\((seconds / 86_400).grouped) days"
        }
    }

    static func ago(_ moment: Int, at now: Int) -> String {
        now - moment < 5 ? "just now" : "\(span(now - moment)) ago"
    }

    /// A moment with its age, as an element that machines can read.
    static func element(_ moment: Int, at now: Int) -> HTML {
        let full = Clock.utc(moment).rfc3339
        return "<time datetime=\"\(full)\" title=\"\(full)\">\(ago(moment, at: now))</time>"
    }

    /// `2027-03-31 14:05 UTC`.
    static func minute(_ moment: Int) -> String {
        let full = Clock.utc(moment).rfc3339
        return "\(full.prefix(10)) \(full.dropFirst(11).prefix(5)) UTC"
    }

    /// `14:05:59 UTC`.
    static func clock(_ moment: Int) -> String {
        "\(Clock.utc(moment).rfc3339.dropFirst(11).prefix(8)) UTC"
    }

    /// `14:05`.
    static func hourMinute(_ moment: Int) -> String {
        String(clock(moment).prefix(5))
    }

    /// A duration in nanoseconds, in the unit that leaves few digits: `0.02 ms`, `1.4 s`.
    static func duration(_ nanoseconds: Int) -> String {
        let microseconds = nanoseconds / 1_000
        return switch microseconds {
        case ..<10_000: "\(decimal(microseconds / 10))\u{A0}ms"
        case ..<1_000_000: "\(microseconds / 1_000)\u{A0}ms"
        default: "\(decimal(microseconds / 10_000))\u{A0}s"
        }
    }

    /// Hundredths as a decimal number.
    private static func decimal(_ hundredths: Int) -> String {
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension Int {
    /// The number with a comma before every three digits.
    var grouped: String {
        let digits = Array(description)
        return String(
            digits.indices.flatMap { index in
                let isComma = index > 0 && (digits.count - index) % 3 == 0 && digits[index - 1] != "-"
                return isComma ? [",", digits[index]] : [digits[index]]
            }
        )
    }

    /// `1 object`, `12 objects`.
    func of(_ thing: String) -> String {
        "\(grouped) \(thing)\(self == 1 ? "" : "s")"
    }
}
