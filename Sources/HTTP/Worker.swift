import Sockets
import Synchronization

/// The outside of a worker: what other threads may touch.
final class WorkerHandle: Sendable {
    let service: Service
    let bell: Bell
    /// Connections that it has, and those on their way to it.
    let load = Counter()
    /// The most connections that it may have.
    let share: Int
    /// Set to make it close the connection that it misses least, when descriptors run out.
    let mustShed = Atomic(false)
    private let inbox = Mutex<[CInt]>([])
    private let poller: Mutex<Poller?>

    init(_ service: Service, share: Int) throws(SystemError) {
        self.service = service
        self.share = share
        bell = try Bell()
        poller = Mutex(try Poller(wokenBy: bell))
    }

    /// Hands a connection over.
    func take(_ socket: consuming Socket) {
        let descriptor = socket.release()
        load.add()
        inbox.withLock { $0.append(descriptor) }
        bell.ring()
    }

    /// The connections that were handed over since the last call.
    func arrivals() -> [CInt] {
        inbox.withLock { arrivals in
            defer { arrivals = [] }
            return arrivals
        }
    }

    /// Serves on the calling thread until the server has stopped.
    func run() {
        guard let poller = poller.withLock({ $0.take() }) else { return }
        Worker(self, poller).run()
    }
}

/// One thread, one poller, and the connections that only they touch.
final class Worker {
    private let handle: WorkerHandle
    private let workspace: Workspace
    private var poller: Poller
    /// By the number of the descriptor.
    private var connections: [Connection?] = []
    private var count = 0
    private var nextSweep = 0
    private var stopBy: Int?

    init(_ handle: WorkerHandle, _ poller: consuming Poller) {
        self.handle = handle
        self.poller = poller
        workspace = Workspace(handle.service)
    }

    func run() {
        while !isDone {
            let sweep = CInt(handle.service.limits.sweep / 1_000_000)
            let ready = poller.wait(milliseconds: count == 0 && stopBy == nil ? -1 : sweep)
            workspace.now = Clock.monotonic
            for index in 0..<ready {
                if let descriptor = poller.descriptor(at: index) {
                    proceed(descriptor)
                } else {
                    answerBell()
                }
            }
            if workspace.now >= nextSweep {
                endOverdue()
                nextSweep = workspace.now + handle.service.limits.sweep
            }
        }
        for connection in connections {
            connection?.close(workspace)
        }
    }

    private var isDone: Bool {
        guard let stopBy else { return false }
        return count == 0 || workspace.now >= stopBy
    }

    private func proceed(_ descriptor: CInt) {
        // Closed by an event before this one.
        guard let connection = connections[Int(descriptor)] else { return }
        settle(connection, connection.proceed(workspace))
    }

    /// Does what a connection asks of the poller.
    private func settle(_ connection: Connection, _ interest: Connection.Interest) {
        guard interest != connection.interest else { return }
        connection.interest = interest
        guard interest != .over else { return end(connection) }
        do throws(SystemError) {
            try poller.watch(connection.descriptor, forWriting: interest == .writing)
        } catch {
            end(connection)
        }
    }

    private func end(_ connection: Connection) {
        poller.remove(connection.descriptor)
        connection.close(workspace)
        connections[Int(connection.descriptor)] = nil
        count -= 1
        handle.load.add(-1)
    }

    private func answerBell() {
        for descriptor in handle.arrivals() {
            // Before it is welcome: a newcomer never asked anything, so it would be missed least itself.
            if count >= handle.share {
                shed()
            }
            welcome(Socket(taking: descriptor))
        }
        if handle.mustShed.exchange(false, ordering: .relaxed) {
            shed()
        }
        if handle.service.lifecycle == .stopped, stopBy == nil {
            stop()
        }
    }

    private func welcome(_ socket: consuming Socket) {
        let connection = Connection(socket, workspace)
        let index = Int(connection.descriptor)
        if index >= connections.count {
            connections.append(contentsOf: repeatElement(nil, count: index + 64 - connections.count))
        }
        connections[index] = connection
        count += 1
        do throws(SystemError) {
            try poller.add(connection.descriptor)
        } catch {
            end(connection)
        }
    }

    /// Closes the connection that is missed least: one that never asked anything, then the one idle longest.
    private func shed() {
        let idle = connections.lazy.compactMap(\.self).filter { !$0.isBusy }
        let least = idle.min { ($0.hasServed ? 1 : 0, $0.lastActive) < ($1.hasServed ? 1 : 0, $1.lastActive) }
        if let least = least ?? connections.lazy.compactMap(\.self).min(by: { $0.lastActive < $1.lastActive })
        {
            end(least)
        }
    }

    private func endOverdue() {
        for connection in connections {
            if let connection, connection.deadline <= workspace.now {
                settle(connection, connection.expire(workspace))
            }
        }
    }

    /// Closes what is idle; what is in the middle of something has a little longer.
    private func stop() {
        stopBy = workspace.now + handle.service.limits.linger
        for connection in connections {
            if let connection, !connection.isBusy {
                end(connection)
            }
        }
    }
}
