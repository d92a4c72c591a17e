import Glibc

/// What a read or a write came to.
package enum Progress: Equatable, Sendable {
    case moved(Int)
    /// Nothing yet: call again when the poller next names this socket.
    case blocked
    /// Nothing yet: the peer has first to take what was written.
    case full
    case closed
}

/// A connected, non-blocking stream socket.
package struct Socket: ~Copyable, Sendable {
    package let descriptor: FileDescriptor

    package init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Takes ownership of a descriptor that another owner gave up with `release`.
    package init(taking number: CInt) {
        descriptor = FileDescriptor(taking: number)
    }

    /// Gives the socket up without closing it; the caller owns the number now.
    package consuming func release() -> CInt {
        descriptor.release()
    }

    /// Appends what has arrived to `buffer`, at most `limit` bytes.
    package func read(into buffer: inout [UInt8], limit: Int) throws(SystemError) -> Progress {
        var answer = 0
        buffer.append(addingCapacity: limit) { span in
            span.withUnsafeMutableBufferPointer { free, initialized in
                answer = recv(descriptor.number, free.baseAddress, limit, 0)
                initialized += max(answer, 0)
            }
        }
        if answer > 0 { return .moved(answer) }
        if answer == 0 { return .closed }
        return try Self.interpret(errno, call: "recv")
    }

    /// Writes what the socket takes of `bytes` from `start` on.
    package func write(_ bytes: [UInt8], from start: Int) throws(SystemError) -> Progress {
        let answer = bytes.withUnsafeBufferPointer { bytes in
            send(
                descriptor.number,
                bytes.baseAddress.map { $0 + start },
                bytes.count - start,
                Int32(MSG_NOSIGNAL)
            )
        }
        guard answer < 0 else { return .moved(answer) }
        return try Self.interpret(errno, call: "send")
    }

    /// Says that nothing more will be written; what arrives can still be read.
    package func finishWriting() {
        shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// Reads what has arrived and drops it.
    ///
    /// A socket that is closed with unread bytes resets the connection, and the reset can overtake the
    /// answer that the peer has not read yet (RFC 9112, section 9.6).
    package func discard() -> Progress {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { scratch in
            let answer = recv(descriptor.number, scratch.baseAddress, scratch.count, 0)
            if answer > 0 { return .moved(answer) }
            return answer < 0 && (errno == EAGAIN || errno == EINTR) ? .blocked : .closed
        }
    }

    private static func interpret(_ code: CInt, call: String) throws(SystemError) -> Progress {
        switch code {
        case EAGAIN, EINTR: .blocked
        case ECONNRESET, EPIPE: .closed
        default: throw SystemError(call, code: code)
        }
    }
}
