import HTTP
package import Sockets

/// Writes lines to a descriptor from a thread of its own, so that whoever logs never waits for a disk or a pipe.
///
/// It holds at most 1 MiB; what comes on top is dropped and counted.
package final class LineWriter: Sendable {
    private let mailbox: Mailbox<[UInt8]>
    private let unwritten = Counter()

    package init(to descriptor: CInt) throws(SystemError) {
        mailbox = try Mailbox("log", limit: 1 << 20, cost: \.count) { [unwritten] lines, _ in
            if !File.write(Array(lines.joined()), to: descriptor) {
                unwritten.add(lines.count)
            }
        }
    }

    /// Lines that were not written.
    package var dropped: Int { mailbox.dropped + unwritten.value }

    /// Starts to write.
    package func start() throws(SystemError) {
        try mailbox.start()
    }

    /// Takes a line, with its end.
    package func write(_ line: [UInt8]) {
        mailbox.add(line)
    }

    /// Writes what is pending, on the calling thread.
    package func flush() {
        mailbox.flush()
    }
}
