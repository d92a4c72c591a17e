import Glibc

/// The lines of a file, one after the other, in little memory.
package final class LineReader {
    private let descriptor: FileDescriptor
    private let name: String
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// The longest line; more of one is an error.
    package static let longest = 1 << 20

    /// Opens the file at `path`, or standard input for `-`.
    package init(_ path: String) throws(SystemError) {
        name = path == "-" ? "standard input" : path
        descriptor =
            path == "-"
            ? try FileDescriptor("open standard input", dup(STDIN_FILENO))
            : try FileDescriptor("open \(path)", open(path, O_RDONLY | O_CLOEXEC))
    }

    /// The next line without its end, and whether it has one; nil after the last.
    package func next() throws(SystemError) -> (line: [UInt8], isWhole: Bool)? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return (Array(buffer[start..<end]), true)
            }
            guard !isAtEnd else {
                defer { start = buffer.count }
                return start < buffer.count ? (Array(buffer[start...]), false) : nil
            }
            buffer.removeSubrange(..<start)
            start = 0
            guard buffer.count <= Self.longest else { throw SystemError("read \(name)", code: EFBIG) }
            try fill()
        }
    }

    private func fill() throws(SystemError) {
        var answer = 0
        repeat {
            buffer.append(addingCapacity: 65_536) { span in
                span.withUnsafeMutableBufferPointer { free, initialized in
                    answer = read(descriptor.number, free.baseAddress, 65_536)
                    initialized += max(answer, 0)
                }
            }
        } while answer < 0 && errno == EINTR
        guard answer >= 0 else { throw SystemError("read \(name)") }
        isAtEnd = answer == 0
    }
}
