import CLinux
import Glibc

/// What any thread rings to wake the one that waits: an eventfd.
package final class Bell: Sendable {
    private let descriptor: FileDescriptor

    package init() throws(SystemError) {
        descriptor = try FileDescriptor("eventfd", eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    var number: CInt {
        descriptor.number
    }

    package func ring() {
        var ring: UInt64 = 1
        _ = Glibc.write(descriptor.number, &ring, 8)  // not eventfd_write, which ThreadSanitizer does not see
    }

    /// Waits until it has been rung, at most `milliseconds` (-1: for ever), and silences it.
    package func wait(milliseconds: Int = -1) {
        var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, CInt(clamping: milliseconds))
        silence()
    }

    func silence() {
        var rings: UInt64 = 0
        _ = Glibc.read(descriptor.number, &rings, 8)
    }
}
