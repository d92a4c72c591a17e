import Cluster
import JSON
import Sockets
import TLS

/// How a trail's file ends: where its last whole line is, and what comes after that.
struct TrailTail {
    /// How many bytes there are up to the end of the last whole line.
    let length: Int
    /// The chain after that line; nil when there is none.
    let chain: Chain?

    /// No line is longer.
    private static let reach = LineReader.longest

    /// - Throws: a sentence when the last whole line is none of a trail.
    init(of file: AppendFile) throws {
        let start = max(file.length - Self.reach, 0)
        let bytes = try file.read(start..<file.length)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            guard start == 0 else { throw TrailError("\(file.path): its last line has no end; move it away") }
            length = 0
            chain = nil
            return
        }
        length = start + end + 1
        let begin = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = Array(bytes[begin..<end])
        guard let last = TrailLineHead(line) else {
            throw TrailError("\(file.path): its last line is none of an audit trail; move the file away")
        }
        chain = Chain(id: last.chain, sequence: last.sequence, previous: Digest.sha256(line))
    }

    /// The first line of a file; nil when it is empty.
    static func first(of file: AppendFile) throws -> TrailLineHead? {
        let bytes = try file.read(0..<min(file.length, reach))
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return TrailLineHead(Array(bytes[..<end]))
    }
}

/// What every line of a trail begins with.
struct TrailLineHead: Sendable {
    let instance: String
    let chain: String
    let sequence: Int
    let previous: String
    /// The second since 1970.
    let time: Int
    let root: JSONValue

    /// Nil when `line` is none of a trail.
    init?(_ line: [UInt8]) {
        guard let root = (try? JSONDocument(line))?.root, root["schema"]?.equals(Chain.schema) == true,
            let chain = root["chain"]?.string,
            let sequence = root["sequence"]?.number.flatMap({ Int($0) }),
            let previous = root["previous"]?.string,
            let time = root["time"]?.string.flatMap(Timestamp.second)
        else { return nil }
        instance = root["instance"]?.string ?? ""
        self.chain = chain
        self.sequence = sequence
        self.previous = previous
        self.time = time
        self.root = root
    }
}

/// Why a trail cannot be used: for a person.
struct TrailError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
