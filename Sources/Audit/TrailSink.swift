import Sockets

/// Where the lines of a trail go.
protocol TrailSink: Sendable {
    /// Writes whole lines in order.
    ///
    /// - Returns: how many of them are kept, from the first on, and why not all.
    mutating func write(_ lines: [TrailLine]) -> (kept: Int, failure: SystemError?)
}

/// A line, with its end, and its number.
struct TrailLine: Sendable {
    let bytes: [UInt8]
    let sequence: Int
}

/// Standard output, or another descriptor that takes what it is given.
struct TrailStream: TrailSink {
    private let descriptor: CInt
    /// Whether the last write ended within a line.
    private var isTorn = false

    init(to descriptor: CInt) {
        self.descriptor = descriptor
    }

    mutating func write(_ lines: [TrailLine]) -> (kept: Int, failure: SystemError?) {
        for (number, line) in lines.enumerated() {
            // A reader must not take two halves for one line.
            let bytes = isTorn ? [UInt8(ascii: "\n")] + line.bytes : line.bytes
            guard File.write(bytes, to: descriptor) else {
                isTorn = true
                return (number, SystemError("write to standard output"))
            }
            isTorn = false
        }
        return (lines.count, nil)
    }
}
