import Glibc

extension File {
    /// Puts `bytes` in the place of what the file at `path` has: a reader sees either the old file or the new one.
    ///
    /// It keeps its permissions, and a symbolic link stays one.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let target = resolved(path)
        var status = stat()
        let mode = stat(target, &status) == 0 ? status.st_mode & 0o7777 : 0o644
        let temporary = "\(target).\(getpid()).new"
        do throws(SystemError) {
            let descriptor = try FileDescriptor(
                "create \(temporary)",
                open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            )
            guard write(bytes, to: descriptor.number) else { throw SystemError("write \(temporary)") }
            guard fchmod(descriptor.number, mode) == 0 else { throw SystemError("chmod \(temporary)") }
            guard fsync(descriptor.number) == 0 else { throw SystemError("sync \(temporary)") }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, target) == 0 else {
            let error = SystemError("rename \(temporary) to \(target)")
            unlink(temporary)
            throw error
        }
    }

    /// The path without symbolic links; as it is when there is nothing there yet.
    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether the stream is shown on a terminal.
    package static func isTerminal(_ descriptor: CInt) -> Bool {
        isatty(descriptor) == 1
    }
}
