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
        /// Nothing new: it has more to do, after the others had their turn.
        case turn
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
    /// What has been received and is not yet answered.
    private var received = ReceiveBuffer()
    /// What the socket has not yet taken of a reply.
    private var output: [UInt8] = []
    private let opened: Int
    /// When the first byte of the request at hand was received; nil between requests.
    private var requestBegan: Int?
    /// Reads and replies in the present turn.
    private var steps = 0

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

    /// Goes on as far as the socket allows, or until others should have their turn.
    func proceed(_ workspace: Workspace) -> Interest {
        lastActive = workspace.now
        steps = 0
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
            received.drop(workspace)
            return proceed(workspace)
        case .handshaking, .receiving:
            stream.finishWriting()
            return .over
        case .sending, .lingering:
            return .over
        }
    }

    /// When its incomplete request began, if it has one whose bytes are held here.
    var holdsSince: Int? {
        if case .receiving = phase, !received.bytes.isEmpty { requestBegan } else { nil }
    }

    /// Gives up an incomplete request: what all connections hold together is too much.
    func refuseHeld(_ workspace: Workspace) -> Interest {
        refuse(Refusal(.serviceUnavailable, "too much is being received at once; try again"), workspace) {
            $0.retryAfter = 1
        }
        received.drop(workspace)
        return proceed(workspace)
    }

    /// Tells the peer that this is the end; what is idle has nothing to lose by it.
    func leave(_ workspace: Workspace) -> Interest {
        linger(workspace)
        return .reading
    }

    /// Gives back what it counted for; called once, at its end.
    func close(_ workspace: Workspace) {
        received.drop(workspace)
        workspace.service.statistics.connections.add(-1)
    }

    // MARK: Handshake

    private func handshake(_ workspace: Workspace) -> Interest? {
        let service = workspace.service
        do throws(TLSError) {
            switch try stream.handshake() {
            case .blocked: return .reading
            case .full: return .writing
            case .closed:
                service.statistics.handshakes.add(.closed)
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
        received.borrow(workspace)
        let interest = receiveRequest(workspace)
        received.giveBack(workspace)
        return interest
    }

    private func receiveRequest(_ workspace: Workspace) -> Interest? {
        while true {
            if !received.bytes.isEmpty {
                do throws(Refusal) {
                    switch try parser.parse(&received.bytes) {
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
            guard takesStep() else { return .turn }
            received.makeRoom(for: parser.mostBytes)
            switch stream.read(into: &received.bytes, limit: ReceiveBuffer.readSize) {
            case .moved: requestBegan = requestBegan ?? workspace.now
            case .blocked, .full: return .reading
            case .closed: return .over
            }
        }
    }

    /// Whether the present turn is not yet over: 64 reads and replies, which is a megabyte to read.
    private func takesStep() -> Bool {
        steps += 1
        return steps <= 64
    }

    private func setRequestDeadline(_ workspace: Workspace) {
        let limits = workspace.service.limits
        deadline = (requestBegan ?? workspace.now) + (parser.hasHead ? limits.body : limits.head)
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
            swap(&request.buffer, &received.bytes)
            workspace.service.handler(request, &workspace.response)
            swap(&request.buffer, &received.bytes)
        }
        received.consume(end)
        requestBegan = received.bytes.isEmpty ? nil : workspace.now
        respond(workspace, keepsAlive: keepsAlive, omittingBody: request.method == .head)
    }

    private func refuse(
        _ refusal: Refusal,
        _ workspace: Workspace,
        adding: (inout Response) -> Void = { _ in }
    ) {
        workspace.response.reset()
        workspace.response.refuse(refusal)
        adding(&workspace.response)
        received.bytes.removeAll(keepingCapacity: true)
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
        case .blocked, .full: output = workspace.output
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
            case .blocked, .full:
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
        guard !received.bytes.isEmpty || stream.hasBuffered else { return .reading }
        return takesStep() ? nil : .turn
    }

    /// Says that the reply was the last, and waits for the peer to have read it.
    private func linger(_ workspace: Workspace) {
        stream.finishWriting()
        phase = .lingering
        deadline = workspace.now + workspace.service.limits.linger
    }
}
