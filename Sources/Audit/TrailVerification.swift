import Cluster
import JSON
package import Sockets

/// Whether the lines of some files are what a server wrote: none removed, changed or moved.
///
/// Files may come in any order; a chain's parts are put together by their numbers.
package struct TrailVerification {
    /// Lines of one chain that follow one another in one file.
    private struct Part {
        let name: String
        let first: TrailReader.Line
        var last: TrailReader.Line
        var count = 1
    }

    /// What a chain comes to.
    package struct Summary: Sendable {
        package let chain: String
        package let instance: String
        package let first: Int
        package let last: Int
        /// Decisions that the trail itself says are missing.
        package let lost: Int
        /// The SHA-256 of the last line: whoever keeps it elsewhere can tell that the end was cut off.
        package let digest: String
    }

    /// The first line that is wrong: where, and why; nil when there is none.
    package private(set) var fault: String?
    private var parts: [Part] = []
    /// The part of each chain in the file that is being read.
    private var open: [String: Int] = [:]
    private var lost: [String: Int] = [:]

    package init() {}

    /// Reads the file at `path`, or standard input for `-`.
    package mutating func read(_ path: String) throws(SystemError) {
        var reader = try TrailReader(path)
        open = [:]
        while fault == nil, let item = try reader.next() {
            switch item {
            case .bad(let place, let reason): fault = "\(place): \(reason)"
            case .line(let line): add(line, from: path)
            }
        }
    }

    private mutating func add(_ line: TrailReader.Line, from name: String) {
        let head = line.head
        if head.root["type"]?.equals("gap") == true {
            lost[head.chain, default: 0] += head.root["lost"]?.number.flatMap { Int($0) } ?? 0
        }
        guard let index = open[head.chain] else {
            if head.sequence == 1, head.previous != Chain.none {
                fault = "\(line.place): the first line of a chain names a line before it"
            }
            open[head.chain] = parts.count
            parts.append(Part(name: name, first: line, last: line))
            return
        }
        fault = Self.fault(between: parts[index].last, line)
        parts[index].last = line
        parts[index].count += 1
    }

    /// Puts the parts together.
    ///
    /// - Returns: the chains that there are; what is wrong with them is ``fault``.
    package mutating func finish() -> [Summary] {
        guard fault == nil else { return [] }
        var summaries: [Summary] = []
        for chain in Set(parts.map(\.first.head.chain)).sorted() {
            let own = parts.filter { $0.first.head.chain == chain }
                .sorted { $0.first.head.sequence < $1.first.head.sequence }
            for (before, after) in zip(own, own.dropFirst()) where fault == nil {
                fault = Self.fault(between: before.last, after.first)
            }
            guard let first = own.first, let last = own.last else { continue }
            summaries.append(
                Summary(
                    chain: chain,
                    instance: last.last.head.instance,
                    first: first.first.head.sequence,
                    last: last.last.head.sequence,
                    lost: lost[chain] ?? 0,
                    digest: last.last.digest
                )
            )
        }
        return summaries
    }

    /// Why `next` cannot follow `line`; nil when it can.
    private static func fault(between line: TrailReader.Line, _ next: TrailReader.Line) -> String? {
        let expected = line.head.sequence + 1
        if next.head.sequence > expected {
            let last = next.head.sequence - 1
            let numbers = last == expected ? "line \(expected) is" : "lines \(expected) to \(last) are"
            return "\(next.place): \(numbers) missing before it"
        }
        if next.head.sequence < expected {
            return "\(next.place): has number \(next.head.sequence) and comes after \(line.head.sequence)"
        }
        guard next.head.previous == line.digest else {
            return "\(line.place): is not what it was when \(next.place) was written"
        }
        return nil
    }
}
