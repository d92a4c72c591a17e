import JSON
import Sockets
import TLS

/// Where a trail stands: which entry comes next, and what the one before it was.
///
/// Each line carries the SHA-256 of the line before it, without its end, so that a line that is removed, changed or moved
/// shows. The first line of a chain carries 64 zeros.
struct Chain: Sendable, Equatable {
    /// Tells chains apart: that of a file goes on when the server starts anew, that of standard output does not.
    let id: String
    /// The sequence number of the last line; 0 before the first.
    private(set) var sequence: Int
    private(set) var previous: String

    /// The name and version of what a line is.
    static let schema = "patless.dev/audit/v1"
    static let none = String(repeating: "0", count: 64)

    /// A chain that has no line yet.
    init() {
        self.init(id: String(UInt64.random(in: .min ... .max), radix: 36), sequence: 0, previous: Self.none)
    }

    init(id: String, sequence: Int, previous: String) {
        self.id = id
        self.sequence = sequence
        self.previous = previous
    }

    /// The next line, with its end.
    mutating func line(_ entry: TrailEntry, of instance: String, at time: Int) -> [UInt8] {
        sequence += 1
        var line: [UInt8] = []
        line.writeJSON { json in
            json.object { json in
                json.member("schema", Self.schema)
                json.member("instance", instance)
                json.member("chain", id)
                json.member("sequence", sequence)
                json.member("previous", previous)
                json.member("time", Self.text(of: time))
                entry.write(into: &json)
            }
        }
        previous = Digest.sha256(line)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// A moment in nanoseconds since 1970, to the millisecond.
    static func text(of time: Int) -> String {
        let milliseconds = String(time / 1_000_000 % 1_000)
        let zeros = String(repeating: "0", count: 3 - milliseconds.count)
        return "\(Clock.utc(time / 1_000_000_000).rfc3339.dropLast()).\(zeros)\(milliseconds)Z"
    }
}
