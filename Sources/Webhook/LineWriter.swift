package import HTTP
package import Sockets
import Synchronization

/// Writes lines to a descriptor from a thread of its own, so that whoever logs never waits for a disk or a pipe.
///
/// It holds at most 1 MiB; what comes on top is dropped and counted.
package final class LineWriter: Sendable {
    package let dropped = Counter()
    private let descriptor: CInt
    private let pending = Mutex<[UInt8]>([])
    /// Held while lines are on their way, so that whoever flushes at the end waits for them too.
    private let writing = Mutex(())
    private let bell: Bell
    private static let limit = 1 << 20

    package init(to descriptor: CInt) throws(SystemError) {
        self.descriptor = descriptor
        bell = try Bell()
    }

    /// Starts to write.
    package func start() throws(SystemError) {
        _ = try Thread(named: "log") {
            while true {
                self.bell.wait()
                self.flush()
            }
        }
    }

    /// Takes a line, with its end.
    package func write(_ line: [UInt8]) {
        let wasEmpty = pending.withLock { pending in
            guard pending.count + line.count <= Self.limit else {
                dropped.add()
                return false
            }
            defer { pending.append(contentsOf: line) }
            return pending.isEmpty
        }
        if wasEmpty {
            bell.ring()
        }
    }

    /// Writes what is pending, on the calling thread.
    package func flush() {
        writing.withLock { _ in
            let lines = pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            if !File.write(lines, to: descriptor) {
                dropped.add(lines.count { $0 == UInt8(ascii: "\n") })
            }
        }
    }
}
