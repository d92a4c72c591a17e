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
        eventfd_write(descriptor.number, 1)
    }

    /// Waits until it has been rung, at most `milliseconds` (-1: for ever), and silences it.
    package func wait(milliseconds: Int = -1) {
        var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, CInt(clamping: milliseconds))
        silence()
    }

    func silence() {
        var rings: eventfd_t = 0
        eventfd_read(descriptor.number, &rings)
    }
}
