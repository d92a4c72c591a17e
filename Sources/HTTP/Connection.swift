import Sockets
import TLS

/// One connection: the state between two calls of the poller.
///
/// It belongs to one worker and never leaves that thread.
final class Connection {
    /// What the poller is to watch for next.
    enum Interest {
        case reading
        case writing
        /// Nothing: the connection is over.
        case over
    }

    private enum Phase {
        case handshaking
        case receiving
        case sending(thenClose: Bool)
        case lingering
    }

    private var stream: Stream
    private var phase = Phase.handshaking
    private var parser: RequestParser
    /// What has been received of a request that is incomplete.
    private var buffer: [UInt8] = []
    /// What the socket has not yet taken of a reply.
    private var output: [UInt8] = []
    private let opened: Int
    /// When the first byte of the request at hand was received; nil between requests.
    private var requestBegan: Int?
    /// What `buffer` counts for in the server's sum.
    private var accounted = 0

    /// When the present phase must be over, on the monotonic clock, in nanoseconds.
    private(set) var deadline: Int
    private(set) var lastActive: Int
    private(set) var hasServed = false
    var interest = Interest.reading

    init(_ socket: consuming Socket, _ workspace: Workspace) {
        stream = Stream(accepting: socket, with: workspace.service.context?())
        parser = RequestParser(limits: workspace.service.limits)
        opened = workspace.now
        lastActive = workspace.now
        deadline = workspace.now + workspace.service.limits.handshake
        workspace.service.statistics.connections.add()
    }

    var descriptor: CInt {
        stream.descriptor
    }

    /// Whether it is in the middle of a request or of a reply.
    var isBusy: Bool {
        if case .sending = phase { true } else { requestBegan != nil }
    }

    /// Goes on as far as the socket allows.
    func proceed(_ workspace: Workspace) -> Interest {
        lastActive = workspace.now
        while true {
            let interest: Interest? =
                switch phase {
                case .handshaking: handshake(workspace)
                case .receiving: receive(workspace)
                case .sending(let thenClose): send(thenClose: thenClose, workspace)
                case .lingering: stream.discard() == .closed ? .over : .reading
                }
            if let interest { return interest }
        }
    }

    /// Ends a phase that took too long.
    func expire(_ workspace: Workspace) -> Interest {
        switch phase {
        case .handshaking where workspace.service.context != nil:
            workspace.service.statistics.handshakes.add(.timeout)
            return .over
        case .receiving where requestBegan != nil:
            refuse(Refusal(.requestTimeout, "the request did not arrive in time"), workspace)
            return proceed(workspace)
        case .handshaking, .receiving:
            stream.finishWriting()
            return .over
        case .sending, .lingering:
            return .over
        }
    }

    /// Gives back what it counted for; called once, at its end.
    func close(_ workspace: Workspace) {
        account(for: 0, workspace)
        workspace.service.statistics.connections.add(-1)
    }

    // MARK: Handshake

    private func handshake(_ workspace: Workspace) -> Interest? {
        let service = workspace.service
        do throws(TLSError) {
            switch try stream.handshake() {
            case .blocked: return .reading
            case .closed:
                service.statistics.handshakes.add(.failure)
                return .over
            case .moved: break
            }
        } catch {
            service.statistics.handshakes.add(error.isPlainHTTP ? .plainHTTP : .failure)
            service.handshakeFailed(error)
            guard error.isPlainHTTP else { return .over }
            stream.writePlain(Array(Self.plainHTTPAnswer.utf8))
            linger(workspace)
            return .reading
        }
        if service.context != nil {
            service.statistics.handshakes.add(.success)
        }
        phase = .receiving
        deadline = workspace.now + service.limits.idle
        return nil
    }

    private static let plainHTTPAnswer = """
        HTTP/1.1 400 Bad Request\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 49\r
        Connection: close\r
        \r
        this port speaks TLS: use https instead of http.\n
        """

    // MARK: Request

    /// Takes the next request, from what was received or is to be read; nil once it is answered.
    private func receive(_ workspace: Workspace) -> Interest? {
        let borrows = buffer.isEmpty
        if borrows {
            swap(&buffer, &workspace.buffer)
        }
        let interest = receiveRequest(workspace)
        if borrows {
            returnBuffer(workspace)
        } else if buffer.isEmpty {
            buffer = []
        }
        guard account(for: buffer.count, workspace) else {
            buffer = []
            account(for: 0, workspace)
            workspace.response.reset()
            workspace.response.refuse(
                Refusal(.serviceUnavailable, "too much is being received at once; try again")
            )
            workspace.response.retryAfter = 1
            respond(workspace, keepsAlive: false)
            return nil
        }
        return interest
    }

    private func receiveRequest(_ workspace: Workspace) -> Interest? {
        while true {
            if !buffer.isEmpty {
                do throws(Refusal) {
                    switch try parser.parse(&buffer) {
                    case .complete(let request, let keepsAlive, let end):
                        answer(request, keepsAlive: keepsAlive, end: end, workspace)
                        return nil
                    case .continueExpected:
                        output = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                        phase = .sending(thenClose: false)
                        return nil
                    case .incomplete:
                        setRequestDeadline(workspace)
                    }
                } catch {
                    refuse(error, workspace)
                    return nil
                }
            }
            if buffer.capacity - buffer.count < Self.readSize {
                buffer.reserveCapacity(max(2 * buffer.capacity, Workspace.bufferCapacity))
            }
            switch stream.read(into: &buffer, limit: Self.readSize) {
            case .moved: requestBegan = requestBegan ?? workspace.now
            case .blocked: return .reading
            case .closed: return .over
            }
        }
    }

    /// The most that one TLS record carries.
    private static let readSize = 16 << 10

    /// Leaves the worker its buffer, and keeps what an incomplete request needs.
    private func returnBuffer(_ workspace: Workspace) {
        guard buffer.capacity <= 2 * Workspace.bufferCapacity else {
            workspace.buffer = []
            workspace.buffer.reserveCapacity(Workspace.bufferCapacity)
            if buffer.isEmpty {
                buffer = []
            }
            return
        }
        workspace.buffer = []
        swap(&buffer, &workspace.buffer)
        guard !workspace.buffer.isEmpty else { return }
        buffer = Array(workspace.buffer[...])
        workspace.buffer.removeAll(keepingCapacity: true)
    }

    private func setRequestDeadline(_ workspace: Workspace) {
        let limits = workspace.service.limits
        deadline = (requestBegan ?? workspace.now) + (parser.hasHead ? limits.body : limits.head)
    }

    /// Counts `bytes` as what is held of an incomplete request; false when all connections hold too much.
    @discardableResult
    private func account(for bytes: Int, _ workspace: Workspace) -> Bool {
        let buffered = workspace.service.statistics.buffered
        if bytes != accounted {
            buffered.add(bytes - accounted)
            accounted = bytes
        }
        // What fits the worker's own buffer is always taken: a flood of large requests starves no small one.
        return bytes <= Workspace.bufferCapacity || buffered.value <= workspace.service.limits.bufferedBytes
    }

    // MARK: Response

    private func answer(_ request: Request, keepsAlive: Bool, end: Int, _ workspace: Workspace) {
        workspace.response.reset()
        if workspace.service.lifecycle.rawValue >= Lifecycle.refusing.rawValue {
            workspace.response.refuse(Refusal(.serviceUnavailable, "this server is going away; try again"))
            workspace.response.retryAfter = 1
            workspace.response.close = true
        } else {
            var request = request
            request.received = requestBegan ?? workspace.now
            swap(&request.buffer, &buffer)
            workspace.service.handler(request, &workspace.response)
            swap(&request.buffer, &buffer)
        }
        if end == buffer.count {
            buffer.removeAll(keepingCapacity: true)
        } else {
            buffer.removeSubrange(..<end)
        }
        requestBegan = buffer.isEmpty ? nil : workspace.now
        respond(workspace, keepsAlive: keepsAlive, omittingBody: request.method == .head)
    }

    private func refuse(_ refusal: Refusal, _ workspace: Workspace) {
        workspace.response.reset()
        workspace.response.refuse(refusal)
        buffer.removeAll(keepingCapacity: true)
        respond(workspace, keepsAlive: false)
    }

    /// Sends the response at hand.
    private func respond(_ workspace: Workspace, keepsAlive: Bool, omittingBody: Bool = false) {
        let service = workspace.service
        let isOld = workspace.now - opened > service.limits.age
        let closes = workspace.response.close || !keepsAlive || isOld || service.lifecycle != .serving
        workspace.response.close = closes
        workspace.compose(omittingBody: omittingBody)
        hasServed = true
        phase = .sending(thenClose: closes)
        deadline = workspace.now + service.limits.write
        // Most often the socket takes all, and nothing is copied.
        switch stream.write(workspace.output, from: 0) {
        case .moved(let count) where count == workspace.output.count: output = []
        case .moved(let count): output = Array(workspace.output[count...])
        case .blocked: output = workspace.output
        case .closed:
            output = []
            phase = .lingering
        }
    }

    private func send(thenClose: Bool, _ workspace: Workspace) -> Interest? {
        var written = 0
        while written < output.count {
            switch stream.write(output, from: written) {
            case .moved(let count): written += count
            case .blocked:
                output.removeSubrange(..<written)
                return .writing
            case .closed: return .over
            }
        }
        output = []
        guard !thenClose else {
            linger(workspace)
            return .reading
        }
        phase = .receiving
        if requestBegan == nil {
            deadline = workspace.now + workspace.service.limits.idle
        } else {
            setRequestDeadline(workspace)
        }
        // Level-triggered: what the socket holds is announced again, what OpenSSL holds is not.
        return buffer.isEmpty && !stream.hasBuffered ? .reading : nil
    }

    /// Says that the reply was the last, and waits for the peer to have read it.
    private func linger(_ workspace: Workspace) {
        stream.finishWriting()
        phase = .lingering
        deadline = workspace.now + workspace.service.limits.linger
    }
}
