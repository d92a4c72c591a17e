/// The body of a response, taken out of a connection's bytes as it arrives.
struct ResponseBody {
    private enum Framing {
        case none
        case length(Int)
        case chunked(ChunkedBody)
        case untilEnd
    }

    private var framing: Framing
    private let limits: Limits

    /// The body that follows `head` (RFC 9112, section 6.3).
    init(after head: ResponseHead, to method: String) throws(ClientError) {
        var limits = Limits()
        // Each chunk is taken as it comes; who reads it bounds the whole.
        limits.bodyBytes = 64 << 20
        self.limits = limits
        if method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304 {
            framing = .none
        } else if let coding = head["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else {
                throw ClientError("the answer has the unknown transfer coding \(coding.prefix(20))")
            }
            framing = .chunked(ChunkedBody(from: 0))
        } else if let length = head["content-length"] {
            guard let count = Int(length), count >= 0 else {
                throw ClientError("the answer has a length that is no number")
            }
            framing = .length(count)
        } else {
            framing = .untilEnd
        }
    }

    /// Whether the body, as far as it has been taken, is over.
    var isOver: Bool {
        switch framing {
        case .none, .length(0): true
        default: false
        }
    }

    /// Takes what `buffer` holds of it.
    mutating func take(from buffer: inout [UInt8]) throws(ClientError) -> [UInt8] {
        switch framing {
        case .none: return []
        case .length(let rest):
            let part = Array(buffer.prefix(rest))
            buffer.removeFirst(part.count)
            framing = .length(rest - part.count)
            return part
        case .untilEnd:
            defer { buffer = [] }
            return buffer
        case .chunked(var chunks):
            do throws(Refusal) {
                let end = try chunks.decode(&buffer, limits: limits)
                let part = chunks.take(from: &buffer)
                if let end {
                    buffer.removeFirst(end - part.count)
                    framing = .none
                } else {
                    framing = .chunked(chunks)
                }
                return part
            } catch {
                throw ClientError("the answer has a broken body: \(error.reason)")
            }
        }
    }

    /// What the end of the connection means for it: an error, unless only the end tells its length.
    mutating func end() throws(ClientError) {
        guard case .untilEnd = framing else { throw ClientError("the connection ended within an answer") }
        framing = .none
    }
}
