import Glibc

/// Files and standard streams, read and written whole.
package enum File {
    package static let standardOutput = STDOUT_FILENO
    package static let standardError = STDERR_FILENO

    /// The bytes of the file at `path`, or of standard input for `-`.
    ///
    /// - Throws: the system's error, or EFBIG for more than `limit` bytes.
    package static func read(_ path: String, limit: Int = 8 << 20) throws(SystemError) -> [UInt8] {
        guard path != "-" else { return try read(STDIN_FILENO, name: "standard input", limit: limit) }
        let descriptor = try FileDescriptor("open \(path)", open(path, O_RDONLY | O_CLOEXEC))
        return try read(descriptor.number, name: path, limit: limit)
    }

    /// Whether there is a file at `path` that we may read.
    package static func exists(_ path: String) -> Bool {
        access(path, R_OK) == 0
    }

    /// Writes all of `bytes` to a descriptor; false when its reader is gone or its disk full.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let answer = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            guard answer > 0 || errno == EINTR else { return false }
            written += max(answer, 0)
        }
        return true
    }

    private static func read(_ descriptor: CInt, name: String, limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var answer = 0
            bytes.append(addingCapacity: 65_536) { span in
                span.withUnsafeMutableBufferPointer { free, initialized in
                    answer = Glibc.read(descriptor, free.baseAddress, 65_536)
                    initialized += max(answer, 0)
                }
            }
            if answer == 0 { return bytes }
            guard answer > 0 || errno == EINTR else { throw SystemError("read \(name)") }
            guard bytes.count <= limit else { throw SystemError("read \(name)", code: EFBIG) }
        }
    }
}
