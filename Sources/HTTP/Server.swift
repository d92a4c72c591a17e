package import Sockets
import Synchronization

/// A listener, the thread that accepts from it, and the workers that serve.
package final class Server: Sendable {
    package let service: Service
    private let listener: Listener
    private let workers: [WorkerHandle]
    private let bell: Bell
    private let threads = Mutex<[Thread]>([])

    /// Begins to listen; nothing is served before `start`.
    package init(at address: SocketAddress, workers: Int, service: Service) throws(SystemError) {
        self.service = service
        listener = try Listener(at: address)
        bell = try Bell()
        var handles: [WorkerHandle] = []
        for _ in 0..<workers {
            handles.append(try WorkerHandle(service, share: max(1, service.limits.connections / workers)))
        }
        self.workers = handles
    }

    /// The port that is listened on, also when the system chose it.
    package var port: UInt16 {
        listener.port
    }

    /// Starts the threads, called `name` in the system's listings.
    package func start(named name: String) throws(SystemError) {
        var started: [Thread] = []
        for (index, worker) in workers.enumerated() {
            started.append(try Thread(named: "\(name)-\(index)") { worker.run() })
        }
        started.append(try Thread(named: "\(name)-accept") { self.accept() })
        threads.withLock { $0 = started }
    }

    /// Closes all connections, those in the middle of a reply a little later, and ends the threads.
    package func stop() {
        service.lifecycle = .stopped
        bell.ring()
        for worker in workers {
            worker.bell.ring()
        }
        // Each is joined once, whoever else stops the server, too.
        let ending = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in ending {
            thread.join()
        }
        // Handed over to a worker that had ended.
        for worker in workers {
            for descriptor in worker.arrivals() { _ = Socket(taking: descriptor) }
        }
    }

    /// Accepts connections and gives each to the worker that has the fewest.
    ///
    /// SO_REUSEPORT would hash them: with a few connections some workers would have none.
    private func accept() {
        guard var poller = try? Poller(wokenBy: bell), (try? poller.add(listener.descriptor.number)) != nil
        else {
            return
        }
        while service.lifecycle != .stopped {
            _ = poller.wait(milliseconds: -1)
            do throws(SystemError) {
                while let socket = try listener.accept() {
                    hand(over: socket)
                }
            } catch {
                // Make room if that helps, then try again. The last descriptor may be taken by the last who waited:
                // accept(2) asks for a free one before it looks whether anybody waits.
                if error.isExhaustion, poller.wait(milliseconds: 0) > 0 {
                    busiest?.shed(32)
                }
                Clock.sleep(milliseconds: 20)
            }
        }
    }

    private func hand(over socket: consuming Socket) {
        guard let worker = workers.min(by: { $0.load.value < $1.load.value }) else { return }
        worker.take(socket)
    }

    private var busiest: WorkerHandle? {
        workers.max { $0.load.value < $1.load.value }
    }
}
