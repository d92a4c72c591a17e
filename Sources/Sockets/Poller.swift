import CLinux
import Glibc

/// An epoll instance, and the bell that other threads ring to wake it.
///
/// Level-triggered: a socket is named again for as long as something waits in it, so a reader may stop
/// after one read, which saves the read that only finds nothing.
package struct Poller: ~Copyable, Sendable {
    private let epoll: FileDescriptor
    private let bell: Bell
    private var ready = [epoll_event](repeating: epoll_event(), count: 128)

    package init(wokenBy bell: Bell) throws(SystemError) {
        let epoll = try FileDescriptor("epoll_create1", epoll_create1(CInt(EPOLL_CLOEXEC)))
        try Self.control(epoll, EPOLL_CTL_ADD, bell.number, EPOLLIN.rawValue)
        self.bell = bell
        self.epoll = epoll
    }

    /// Begins to watch `descriptor` for bytes to read.
    package func add(_ descriptor: CInt) throws(SystemError) {
        try Self.control(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue)
    }

    /// Watches `descriptor` for room to write, or again for bytes to read.
    package func watch(_ descriptor: CInt, forWriting: Bool) throws(SystemError) {
        try Self.control(epoll, EPOLL_CTL_MOD, descriptor, forWriting ? EPOLLOUT.rawValue : EPOLLIN.rawValue)
    }

    /// Stops to watch `descriptor`.
    package func remove(_ descriptor: CInt) {
        try? Self.control(epoll, EPOLL_CTL_DEL, descriptor, 0)
    }

    /// Waits until something is ready or `milliseconds` have passed (-1: for ever); how many events there are.
    package mutating func wait(milliseconds: CInt) -> Int {
        // A signal is no event: epoll_wait then answers -1.
        max(Int(epoll_wait(epoll.number, &ready, CInt(ready.count), milliseconds)), 0)
    }

    /// The socket that is ready by event `index` of the last wait; nil for the bell, which it silences.
    package func descriptor(at index: Int) -> CInt? {
        let descriptor = ready[index].data.fd
        guard descriptor == bell.number else { return descriptor }
        bell.silence()
        return nil
    }

    private static func control(
        _ epoll: borrowing FileDescriptor,
        _ operation: CInt,
        _ descriptor: CInt,
        _ events: UInt32
    ) throws(SystemError) {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        guard epoll_ctl(epoll.number, operation, descriptor, &event) == 0 else {
            throw SystemError("epoll_ctl")
        }
    }
}
