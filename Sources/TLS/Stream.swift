import COpenSSL
package import Sockets

/// One accepted connection: its socket and the TLS session on it, closed together.
///
/// Without a context there is no session, and the bytes go over the socket as they are. `SSL_get_error` wants
/// OpenSSL's queue of errors, one for each thread, empty before every call: whoever finds an error empties it.
package struct Stream: ~Copyable {
    private let socket: Socket
    private let context: TLSContext?
    /// Made when the first byte arrives: a peer that sends nothing costs a descriptor and little more.
    private var session: OpaquePointer?

    package init(accepting socket: consuming Socket, with context: TLSContext?) {
        self.socket = socket
        self.context = context
    }

    deinit {
        SSL_free(session)
    }

    package var descriptor: CInt {
        socket.descriptor.number
    }

    /// Goes on with the handshake; it is over when that moved.
    package mutating func handshake() throws(TLSError) -> Progress {
        guard let context else { return .moved(0) }
        if session == nil {
            guard let session = SSL_new(context.context) else { throw .last("make a TLS session") }
            SSL_set_fd(session, descriptor)
            SSL_set_accept_state(session)
            self.session = session
        }
        let answer = SSL_do_handshake(session)
        guard answer != 1 else { return .moved(0) }
        switch SSL_get_error(session, answer) {
        case SSL_ERROR_WANT_READ: return .blocked
        case SSL_ERROR_WANT_WRITE: return .full
        case SSL_ERROR_SYSCALL:
            ERR_clear_error()
            return .closed
        // Load balancers try a port by connecting and hanging up.
        case SSL_ERROR_SSL where openssl_reason_is_end_of_file(ERR_peek_error()) != 0:
            ERR_clear_error()
            return .closed
        default: throw .last("TLS handshake")
        }
    }

    /// Appends what has arrived to `buffer`, at most `limit` bytes.
    package func read(into buffer: inout [UInt8], limit: Int) -> Progress {
        guard let session else { return (try? socket.read(into: &buffer, limit: limit)) ?? .closed }
        var count = 0
        var answer: CInt = 0
        buffer.append(addingCapacity: limit) { span in
            span.withUnsafeMutableBufferPointer { free, initialized in
                answer = SSL_read_ex(session, free.baseAddress, limit, &count)
                initialized += count
            }
        }
        return progress(session, answer, count)
    }

    /// Whether bytes wait in OpenSSL, where no poller sees them.
    package var hasBuffered: Bool {
        session != nil && SSL_has_pending(session) == 1
    }

    /// Writes what the connection takes of `bytes` from `start` on; `blocked` wants the same call again.
    package func write(_ bytes: [UInt8], from start: Int) -> Progress {
        guard let session else { return (try? socket.write(bytes, from: start)) ?? .closed }
        var count = 0
        let answer = bytes.withUnsafeBufferPointer { bytes in
            SSL_write_ex(session, bytes.baseAddress.map { $0 + start }, bytes.count - start, &count)
        }
        return progress(session, answer, count)
    }

    /// Writes `bytes` past TLS, to a peer that does not speak it.
    package func writePlain(_ bytes: [UInt8]) {
        _ = try? socket.write(bytes, from: 0)
    }

    /// Says that nothing more will be written: close_notify, then the socket's own end.
    package func finishWriting() {
        if session != nil {
            SSL_shutdown(session)
            ERR_clear_error()
        }
        socket.finishWriting()
    }

    /// Reads what has arrived and drops it.
    package func discard() -> Progress {
        socket.discard()
    }

    /// Any error ends the connection, whatever it was.
    private func progress(_ session: OpaquePointer, _ answer: CInt, _ count: Int) -> Progress {
        guard answer != 1 else { return .moved(count) }
        let reason = SSL_get_error(session, answer)
        ERR_clear_error()
        return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? .blocked : .closed
    }
}
