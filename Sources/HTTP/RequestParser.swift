/// Takes requests, one after another, out of the bytes of a connection.
struct RequestParser {
    /// What the bytes so far come to.
    enum Outcome {
        /// More is needed.
        case incomplete
        /// The head is complete, and the peer waits to be asked for the body.
        case continueExpected
        /// The request that ends at `end`.
        case complete(Request, keepsAlive: Bool, end: Int)
    }

    private enum State {
        case head
        case length(RequestHead, end: Int)
        case chunked(RequestHead, ChunkedBody)
    }

    private let limits: Limits
    private var state: State = .head
    private var scanned = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Whether the head of the request at hand has been read.
    var hasHead: Bool {
        if case .head = state { false } else { true }
    }

    /// How many bytes the request at hand can have at most, as far as is known.
    var mostBytes: Int {
        switch state {
        case .head: limits.headBytes
        case .length(_, let end): end
        // Sizes and trailer come and go; what has been put together stays.
        case .chunked: 2 * limits.headBytes + limits.bodyBytes
        }
    }

    /// Goes on with the request that begins at the start of `buffer`.
    mutating func parse(_ buffer: inout [UInt8]) throws(Refusal) -> Outcome {
        if case .head = state {
            guard let end = try findEnd(of: buffer) else { return .incomplete }
            let head = try RequestHead(buffer, 0..<end, limits: limits)
            switch head.body {
            case .none:
                state = .length(head, end: end)
            case .length(let length):
                guard length <= limits.bodyBytes else {
                    throw Refusal(.contentTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
                }
                state = .length(head, end: end + length)
            case .chunked:
                state = .chunked(head, ChunkedBody(from: end))
            }
            scanned = end
            if head.expectsContinue, head.body != .none, buffer.count == end {
                return .continueExpected
            }
        }
        return try parseBody(&buffer)
    }

    private mutating func parseBody(_ buffer: inout [UInt8]) throws(Refusal) -> Outcome {
        switch state {
        case .head:
            return .incomplete
        case .length(var head, let end):
            guard buffer.count >= end else { return .incomplete }
            head.request.body = scanned..<end
            return complete(head, end: end)
        case .chunked(var head, var body):
            // The copy in the state must not stay behind while this one is changed.
            let end = try body.decode(&buffer, limits: limits)
            state = .chunked(head, body)
            guard let end else { return .incomplete }
            head.request.body = body.start..<body.end
            return complete(head, end: end)
        }
    }

    private mutating func complete(_ head: RequestHead, end: Int) -> Outcome {
        state = .head
        scanned = 0
        return .complete(head.request, keepsAlive: head.keepsAlive, end: end)
    }

    /// Where the head ends; nil when its empty line has not come.
    private mutating func findEnd(of buffer: [UInt8]) throws(Refusal) -> Int? {
        if let first = buffer.first, !first.isToken {
            throw Refusal(.badRequest, "this is not HTTP")
        }
        var index = scanned
        let limit = min(buffer.count, limits.headBytes)
        while index < limit {
            if buffer[index] == UInt8(ascii: "\n") {
                guard index >= 1, buffer[index - 1] == UInt8(ascii: "\r") else {
                    throw Refusal(.badRequest, "a line that ends without a carriage return")
                }
                if index >= 3, buffer[index - 2] == UInt8(ascii: "\n") {
                    return index + 1
                }
            }
            index += 1
        }
        guard buffer.count < limits.headBytes else {
            throw Refusal(
                .headerFieldsTooLarge,
                "the request's head is longer than \(limits.headBytes) bytes"
            )
        }
        scanned = index
        return nil
    }
}
