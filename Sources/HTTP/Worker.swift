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
    /// How many connections it is to close, those first that are missed least.
    fileprivate let surplus = Atomic(0)
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

    /// Makes it close some connections.
    func shed(_ surplus: Int) {
        self.surplus.store(surplus, ordering: .relaxed)
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
    /// Connections that have more to do than one turn allows.
    private var unfinished: [CInt] = []
    private var nextSweep = 0
    private var stopBy: Int?

    init(_ handle: WorkerHandle, _ poller: consuming Poller) {
        self.handle = handle
        self.poller = poller
        workspace = Workspace(handle.service)
    }

    func run() {
        while !isDone {
            let ready = poller.wait(milliseconds: patience)
            workspace.now = Clock.monotonic
            for index in 0..<ready {
                if let descriptor = poller.descriptor(at: index) {
                    proceed(descriptor)
                } else {
                    answerBell()
                }
            }
            for descriptor in takeUnfinished() {
                proceed(descriptor)
            }
            relieve()
            if workspace.now >= nextSweep {
                endOverdue()
                nextSweep = workspace.now + handle.service.limits.sweep
            }
        }
        for connection in connections {
            connection?.close(workspace)
        }
    }

    /// How long the poller may wait, in milliseconds.
    private var patience: CInt {
        if !unfinished.isEmpty { return 0 }
        return count == 0 && stopBy == nil ? -1 : CInt(handle.service.limits.sweep / 1_000_000)
    }

    /// The connections that wait for their next turn.
    private func takeUnfinished() -> [CInt] {
        guard !unfinished.isEmpty else { return [] }
        defer { unfinished = [] }
        return unfinished
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
        if interest == .turn {
            unfinished.append(connection.descriptor)
            return
        }
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
            // Before it is welcome: a newcomer never asked anything, so it would be missed least itself. Some at
            // once: a flood of newcomers must not have all others ranked for each of them.
            if count >= handle.share {
                shed(1 + handle.share / 64)
            }
            // Each has its own age, which tells who came first.
            workspace.now = Clock.monotonic
            welcome(Socket(taking: descriptor))
        }
        let surplus = handle.surplus.exchange(0, ordering: .relaxed)
        if surplus > 0 {
            // No more than the older half: who has just come had no time to ask anything.
            shed(min(surplus, max(1, count / 2)))
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

    /// Closes the connections that are missed least: those that never asked anything, then the idle ones,
    /// those first that did nothing for longest.
    private func shed(_ surplus: Int) {
        let ranked = connections.compactMap(\.self).map { connection in
            (rank: (connection.hasServed ? 1 : 0) + (connection.isBusy ? 2 : 0), connection: connection)
        }
        let least = ranked.sorted {
            ($0.rank, $0.connection.lastActive) < ($1.rank, $1.connection.lastActive)
        }
        for (index, candidate) in least.prefix(surplus).enumerated() where index == 0 || candidate.rank == 0 {
            end(candidate.connection)
        }
    }

    /// Refuses the oldest incomplete requests while all together hold too much: who sends slowly to fill the
    /// memory is older than who just sends a lot.
    private func relieve() {
        let service = handle.service
        while service.statistics.buffered.value > service.limits.bufferedBytes {
            let holders = connections.lazy.compactMap(\.self).filter { $0.holdsSince != nil }
            guard let oldest = holders.min(by: { ($0.holdsSince ?? 0) < ($1.holdsSince ?? 0) }) else {
                return
            }
            settle(oldest, oldest.refuseHeld(workspace))
        }
    }

    private func endOverdue() {
        for connection in connections {
            if let connection, connection.deadline <= workspace.now {
                settle(connection, connection.expire(workspace))
            }
        }
    }

    /// Takes leave of what is idle; what is in the middle of something has a little longer.
    private func stop() {
        stopBy = workspace.now + handle.service.limits.linger
        for descriptor in connections.indices {
            // What has arrived meanwhile gets its answer: come again.
            proceed(CInt(descriptor))
            if let connection = connections[descriptor], !connection.isBusy {
                settle(connection, connection.leave(workspace))
            }
        }
    }
}
