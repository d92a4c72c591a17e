import CLinux
import Glibc

/// Tells when something changes in one of some directories (inotify).
///
/// Directories, not files: kubelet replaces a mounted file by swapping a symbolic link beside it.
package final class DirectoryWatch: Sendable {
    private let inotify: FileDescriptor

    package init(_ directories: Set<String>) throws(SystemError) {
        let inotify = try FileDescriptor("inotify_init1", inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC)))
        let changes = UInt32(IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE)
        for directory in directories {
            guard inotify_add_watch(inotify.number, directory, changes) >= 0 else {
                throw SystemError("watch \(directory)")
            }
        }
        self.inotify = inotify
    }

    /// Waits for a change or until `milliseconds` have passed.
    package func wait(milliseconds: CInt) {
        var poll = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { scratch in
            while read(inotify.number, scratch.baseAddress, scratch.count) > 0 {}
        }
    }
}
