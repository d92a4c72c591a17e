import Cluster
import JSON
package import Sockets
import TLS

/// The entries of a trail, read from files or from standard input, one at a time.
///
/// Lines of the server's log are passed over: a container's output has them in between.
package struct TrailReader {
    private let reader: LineReader
    private let name: String
    private var number = 0

    /// Reads the file at `path`, or standard input for `-`.
    package init(_ path: String) throws(SystemError) {
        reader = try LineReader(path)
        name = path == "-" ? "standard input" : path
    }

    /// One line of a trail, and where it stands.
    package struct Line {
        /// Such as `audit.jsonl:17`.
        let place: String
        let head: TrailLineHead
        /// The SHA-256 of the line.
        let digest: String
    }

    /// What comes next.
    package enum Item {
        case line(Line)
        /// Something that is no line of a trail: where, and what.
        case bad(place: String, reason: String)
    }

    /// The next item; nil after the last.
    package mutating func next() throws(SystemError) -> Item? {
        while let (bytes, isWhole) = try reader.next() {
            number += 1
            let place = "\(name):\(number)"
            if let head = TrailLineHead(bytes) {
                guard isWhole else { return .bad(place: place, reason: "the line has no end: it is cut off") }
                return .line(Line(place: place, head: head, digest: Digest.sha256(bytes)))
            }
            if bytes.isEmpty || Self.isLog(bytes) { continue }
            return .bad(place: place, reason: "not a line of an audit trail")
        }
        return nil
    }

    /// Whether a line is one of the server's log, in JSON.
    private static func isLog(_ bytes: [UInt8]) -> Bool {
        guard let root = (try? JSONDocument(bytes))?.root else { return false }
        return root["schema"] == nil && root["level"]?.string != nil && root["message"]?.string != nil
    }
}
