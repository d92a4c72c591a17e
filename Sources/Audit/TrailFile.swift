import JSON
import Sockets
import TLS

/// A file of a trail that is put aside when it is large or old, and goes on where it ended when the server starts anew.
///
/// What is put aside has the number of its first line behind its name: `audit.jsonl.000000000533`.
package struct TrailFile: Sendable {
    /// When a file is put aside, and how many of those stay.
    package struct Rotation: Sendable {
        let bytes: Int
        let seconds: Int
        let kept: Int

        package init(bytes: Int, seconds: Int, kept: Int) {
            self.bytes = bytes
            self.seconds = seconds
            self.kept = kept
        }
    }

    private let path: String
    private let rotation: Rotation
    private var file: OpenFile
    /// The chain as the file has it.
    private(set) var chain: Chain

    /// AppendFile has one user at a time: the trail, which holds a lock.
    private struct OpenFile: @unchecked Sendable {
        let file: AppendFile
        /// The number of its first line, and when that was written; nil for an empty file.
        var first: (sequence: Int, time: Int)?
    }

    /// Opens the file at `path`, takes back a line that a crash left half-written, and finds out where the chain stands.
    package init(_ path: String, _ rotation: Rotation) throws {
        self.path = path
        self.rotation = rotation
        let file = try AppendFile(path)
        let tail = try TrailTail(of: file)
        if tail.length < file.length { try file.truncate(to: tail.length) }
        let head = try TrailTail.first(of: file)
        self.file = OpenFile(file: file, first: head.map { ($0.sequence, $0.time) })
        chain = try tail.chain ?? Self.chain(before: path)
    }

    /// Where the chain stood when the newest file was put aside.
    private static func chain(before path: String) throws -> Chain {
        guard let newest = try aside(path).last else { return Chain() }
        return try TrailTail(of: try AppendFile(newest)).chain ?? Chain()
    }

    /// The files that were put aside, the oldest first.
    private static func aside(_ path: String) throws(SystemError) -> [String] {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(path[...$0]) } ?? "./"
        let prefix = (slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path) + "."
        return try Folder.names(in: folder).filter { name in
            name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 12
                && name.utf8.dropFirst(prefix.utf8.count).allSatisfy {
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                }
        }.map { folder + $0 }
    }

    /// Puts the file aside when it is too large for `more` bytes, or too old, and begins another.
    private mutating func rotate(for more: Int) throws(SystemError) {
        guard let first = file.first else { return }
        let isLarge = file.file.length + more > rotation.bytes
        guard isLarge || Clock.wall / 1_000_000_000 - first.time >= rotation.seconds else { return }
        let digits = String(first.sequence)
        let number = String(repeating: "0", count: max(12 - digits.count, 0)) + digits
        try file.file.rename(to: "\(path).\(number)")
        file = OpenFile(file: try AppendFile(path), first: nil)
        for old in try Self.aside(path).dropLast(rotation.kept) {
            try Folder.remove(old)
        }
    }
}

extension TrailFile: TrailSink {
    mutating func write(_ lines: [TrailLine]) -> (kept: Int, failure: SystemError?) {
        guard let next = lines.first else { return (0, nil) }
        do throws(SystemError) {
            try rotate(for: lines.reduce(0) { $0 + $1.bytes.count })
        } catch {
            return (0, error)
        }
        if file.first == nil {
            file.first = (next.sequence, Clock.wall / 1_000_000_000)
        }
        return file.file.append(lines.map(\.bytes))
    }
}
