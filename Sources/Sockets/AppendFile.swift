import Glibc

/// A file that grows by whole pieces: what was written in part is taken back.
///
/// It is locked for as long as it is open, so that no other process appends to it.
package final class AppendFile {
    package let path: String
    /// How many bytes of it are good.
    package private(set) var length: Int
    private let descriptor: FileDescriptor

    /// Opens the file at `path`, or makes it, for its owner alone.
    ///
    /// - Throws: the system's error; EWOULDBLOCK when another process has it open.
    package init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = try FileDescriptor(
            "open \(path)",
            open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        )
        guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("lock \(path)") }
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw SystemError("stat \(path)") }
        length = Int(status.st_size)
    }

    /// Unlocks it, also where a child that is just being started has a copy of the descriptor.
    deinit {
        flock(descriptor.number, LOCK_UN)
    }

    /// Reads the bytes of `range`, as far as they are there.
    package func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var count = 0
        while count < bytes.count {
            let answer = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor.number,
                    buffer.baseAddress.map { $0 + count },
                    buffer.count - count,
                    off_t(range.lowerBound + count)
                )
            }
            if answer == 0 { break }
            guard answer > 0 || errno == EINTR else { throw SystemError("read \(path)") }
            count += max(answer, 0)
        }
        return Array(bytes[..<count])
    }

    /// Cuts off what comes after `length`.
    package func truncate(to length: Int) throws(SystemError) {
        guard ftruncate(descriptor.number, off_t(length)) == 0 else { throw SystemError("truncate \(path)") }
        self.length = length
    }

    /// Appends as many of `pieces` as there is room for, and has the disk keep them.
    ///
    /// - Returns: how many were appended, and why not all.
    package func append(_ pieces: [[UInt8]]) -> (kept: Int, failure: SystemError?) {
        let before = length
        let bytes = Array(pieces.joined())
        var written = 0
        var failure: SystemError?
        while written < bytes.count, failure == nil {
            let answer = bytes.withUnsafeBytes {
                Glibc.write(descriptor.number, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if answer >= 0 {
                written += answer
            } else if errno != EINTR {
                failure = SystemError("write \(path)")
            }
        }
        if failure == nil, fdatasync(descriptor.number) != 0, errno != EINVAL {
            failure = SystemError("sync \(path)")
        }
        var kept = 0
        var good = 0
        while kept < pieces.count, good + pieces[kept].count <= written {
            good += pieces[kept].count
            kept += 1
        }
        length = before + good
        if good < written {
            // What could not be cut off now stays behind the good part; the next try must not follow it.
            _ = ftruncate(descriptor.number, off_t(length))
        }
        return (kept, failure)
    }

    /// Gives the file another name.
    package func rename(to name: String) throws(SystemError) {
        guard Glibc.rename(path, name) == 0 else { throw SystemError("rename \(path)") }
    }
}
