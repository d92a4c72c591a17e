import COpenSSL
package import Sockets

/// One accepted connection: its socket and the TLS session on it, closed together.
package struct TLSStream: ~Copyable {
    package let socket: Socket
    private let session: OpaquePointer

    package init(accepting socket: consuming Socket, with context: TLSContext) throws(TLSError) {
        guard let session = SSL_new(context.context) else { throw .last("make a TLS session") }
        SSL_set_fd(session, socket.descriptor.number)
        SSL_set_accept_state(session)
        self.socket = socket
        self.session = session
    }

    deinit {
        SSL_free(session)
    }

    /// Goes on with the handshake; it is over when that moved.
    package func handshake() throws(TLSError) -> Progress {
        ERR_clear_error()
        let answer = SSL_do_handshake(session)
        return try progress("TLS handshake", answer, answer == 1 ? 1 : 0)
    }

    /// Appends what has arrived to `buffer`, at most `limit` bytes.
    package func read(into buffer: inout [UInt8], limit: Int) throws(TLSError) -> Progress {
        ERR_clear_error()
        var count = 0
        var answer: CInt = 0
        buffer.append(addingCapacity: limit) { span in
            span.withUnsafeMutableBufferPointer { free, initialized in
                answer = SSL_read_ex(session, free.baseAddress, limit, &count)
                initialized += count
            }
        }
        return try progress("TLS read", answer, count)
    }

    /// Whether OpenSSL holds bytes that no poller will ever announce.
    package var hasBuffered: Bool {
        SSL_has_pending(session) == 1
    }

    /// Writes what the connection takes of `bytes` from `start` on; `blocked` wants the same call again.
    package func write(_ bytes: [UInt8], from start: Int) throws(TLSError) -> Progress {
        ERR_clear_error()
        var count = 0
        let answer = bytes.withUnsafeBufferPointer { bytes in
            SSL_write_ex(session, bytes.baseAddress.map { $0 + start }, bytes.count - start, &count)
        }
        return try progress("TLS write", answer, count)
    }

    /// Tells the peer that nothing more will be written (close_notify).
    package func finishWriting() {
        ERR_clear_error()
        SSL_shutdown(session)
        ERR_clear_error()
        socket.finishWriting()
    }

    private func progress(_ what: String, _ answer: CInt, _ count: Int) throws(TLSError) -> Progress {
        guard answer != 1 else { return .moved(count) }
        switch SSL_get_error(session, answer) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .blocked
        case SSL_ERROR_ZERO_RETURN: return .closed
        case SSL_ERROR_SYSCALL: return .closed
        default: throw .last(what)
        }
    }
}
