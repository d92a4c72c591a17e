import COpenSSL
import Glibc
package import Sockets

/// One connection that we opened: its socket and, once started, the TLS session on it, closed together.
///
/// Calls wait until they are done or a deadline on the monotonic clock, in nanoseconds, has passed.
package struct ClientStream: ~Copyable, @unchecked Sendable {
    // A session may be used by any thread, by one at a time, which ownership sees to.
    private let socket: Socket
    private var session: OpaquePointer?

    /// A connection without TLS.
    package init(_ socket: consuming Socket) {
        self.socket = socket
    }

    deinit {
        SSL_free(session)
    }

    /// Begins to speak TLS, with a server that has a certificate for `name`: a DNS name or an IP address.
    package mutating func startTLS(
        with context: ClientContext,
        name: String,
        until deadline: Int
    ) throws(TLSError) {
        ERR_clear_error()
        guard let session = SSL_new(context.context) else { throw .last("make a TLS session") }
        self.session = session
        SSL_set_fd(session, socket.descriptor.number)
        SSL_set_connect_state(session)
        var room = in6_addr()
        let isAddress = inet_pton(AF_INET, name, &room) == 1 || inet_pton(AF_INET6, name, &room) == 1
        let parameters = SSL_get0_param(session)
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        let isSet =
            isAddress
            ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name)
            : X509_VERIFY_PARAM_set1_host(parameters, name, 0)
        guard isSet == 1 else { throw .last("expect a certificate for \(name)") }
        if !isAddress {
            _ = openssl_set_tlsext_host_name(session, name)
        }
        while true {
            let answer = SSL_do_handshake(session)
            guard answer != 1 else { return }
            guard try wait(session, answer, "TLS handshake with \(name)", until: deadline) else {
                throw TLSError("TLS handshake with \(name): the connection was closed")
            }
        }
    }

    /// Appends what arrives next to `buffer`, at most `limit` bytes; how many, 0 at the end of the connection.
    package mutating func read(into buffer: inout [UInt8], limit: Int, until deadline: Int) throws(TLSError)
        -> Int
    {
        guard let session else { return try readPlain(into: &buffer, limit: limit, until: deadline) }
        while true {
            var count = 0
            var answer: CInt = 0
            buffer.append(addingCapacity: limit) { span in
                span.withUnsafeMutableBufferPointer { free, initialized in
                    answer = SSL_read_ex(session, free.baseAddress, limit, &count)
                    initialized += count
                }
            }
            if answer == 1 { return count }
            guard try wait(session, answer, "read", until: deadline) else { return 0 }
        }
    }

    /// Writes all of `bytes`; false when the connection is closed.
    package mutating func write(_ bytes: [UInt8], until deadline: Int) throws(TLSError) -> Bool {
        guard let session else { return try writePlain(bytes, until: deadline) }
        var written = 0
        while written < bytes.count {
            var count = 0
            let answer = bytes.withUnsafeBufferPointer { bytes in
                SSL_write_ex(session, bytes.baseAddress.map { $0 + written }, bytes.count - written, &count)
            }
            written += count
            if answer != 1, try !wait(session, answer, "write", until: deadline) { return false }
        }
        return true
    }

    /// Waits for what the session wants; false when the peer is gone.
    private func wait(
        _ session: OpaquePointer,
        _ answer: CInt,
        _ what: String,
        until deadline: Int
    ) throws(TLSError) -> Bool {
        let readiness: Socket.Readiness
        switch SSL_get_error(session, answer) {
        case SSL_ERROR_WANT_READ: readiness = .reading
        case SSL_ERROR_WANT_WRITE: readiness = .writing
        case SSL_ERROR_ZERO_RETURN, SSL_ERROR_SYSCALL:
            ERR_clear_error()
            return false
        case SSL_ERROR_SSL where openssl_reason_is_end_of_file(ERR_peek_error()) != 0:
            ERR_clear_error()
            return false
        case SSL_ERROR_SSL where openssl_reason_is_verify_failed(ERR_peek_error()) != 0:
            ERR_clear_error()
            let reason = String(cString: X509_verify_cert_error_string(SSL_get_verify_result(session)))
            throw TLSError("\(what): the server's certificate is not trusted: \(reason)")
        default: throw .last(what)
        }
        try patience(readiness, what, until: deadline)
        return true
    }

    private func patience(_ readiness: Socket.Readiness, _ what: String, until deadline: Int) throws(TLSError)
    {
        guard socket.wait(for: readiness, until: deadline) else {
            throw TLSError("\(what): no answer in time")
        }
    }

    private func readPlain(into buffer: inout [UInt8], limit: Int, until deadline: Int) throws(TLSError)
        -> Int
    {
        while true {
            switch Result(catching: { () throws(SystemError) in try socket.read(into: &buffer, limit: limit) }
            ) {
            case .success(.moved(let count)): return count
            case .success(.closed): return 0
            case .success: try patience(.reading, "read", until: deadline)
            case .failure(let error): throw TLSError(error.description)
            }
        }
    }

    private func writePlain(_ bytes: [UInt8], until deadline: Int) throws(TLSError) -> Bool {
        var written = 0
        while written < bytes.count {
            switch Result(catching: { () throws(SystemError) in try socket.write(bytes, from: written) }) {
            case .success(.moved(let count)): written += count
            case .success(.closed): return false
            case .success: try patience(.writing, "write", until: deadline)
            case .failure(let error): throw TLSError(error.description)
            }
        }
        return true
    }
}
