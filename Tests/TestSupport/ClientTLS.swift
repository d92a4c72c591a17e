import COpenSSL
import Glibc
import Synchronization

/// How a client speaks TLS.
package struct ClientTLS {
    /// The file of the authorities that it trusts; nil to trust anybody.
    package var authority: String?
    package var identity: Certificates.Pair?
    package var versions = TLS1_2_VERSION...TLS1_3_VERSION
    /// What it offers by ALPN.
    package var applicationProtocols: [String] = []
    package var ticket: Ticket?

    /// A client that trusts the tests' authority.
    package static var trusting: ClientTLS {
        get throws { ClientTLS(authority: try Certificates.shared.authority.certificate) }
    }

    package init(authority: String? = nil) {
        self.authority = authority
    }

    /// Makes what all who speak so have in common, which takes a while.
    func prepare() throws {
        _ = try ClientContext.of(self)
    }

    /// A session to resume.
    package final class Ticket {
        let session: OpaquePointer

        init(_ session: OpaquePointer) {
            self.session = session
        }

        deinit {
            SSL_SESSION_free(session)
        }
    }
}

/// A client's TLS session on a blocking socket.
struct Session {
    private let session: OpaquePointer

    /// Shakes hands.
    init(_ tls: ClientTLS, _ descriptor: CInt) throws {
        let context = try ClientContext.of(tls)
        ERR_clear_error()
        guard let session = SSL_new(context.context) else { throw Trouble("no TLS session") }
        SSL_set_fd(session, descriptor)
        if let ticket = tls.ticket {
            SSL_set_session(session, ticket.session)
        }
        guard SSL_connect(session) == 1 else {
            defer { SSL_free(session) }
            let code = ERR_peek_last_error()
            throw Trouble("TLS: " + (ERR_reason_error_string(code).map { String(cString: $0) } ?? "hung up"))
        }
        self.session = session
    }

    func free() {
        SSL_free(session)
    }

    func finish() {
        SSL_shutdown(session)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        ERR_clear_error()
        return Int(SSL_write(session, bytes.baseAddress, CInt(bytes.count)))
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        ERR_clear_error()
        errno = 0
        let count = Int(SSL_read(session, buffer.baseAddress, CInt(buffer.count)))
        if count <= 0, SSL_get_error(session, CInt(count)) == SSL_ERROR_WANT_READ {
            errno = EAGAIN
        } else if count <= 0 {
            errno = 0
        }
        return count
    }

    var version: String {
        String(cString: SSL_get_version(session))
    }

    var applicationProtocol: String {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(session, &name, &length)
        return name.map {
            String(decoding: UnsafeBufferPointer(start: $0, count: Int(length)), as: UTF8.self)
        } ?? ""
    }

    var serverName: String {
        guard let certificate = SSL_get1_peer_certificate(session) else { return "" }
        defer { X509_free(certificate) }
        var name = [CChar](repeating: 0, count: 256)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &name, 256)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    var chainLength: Int {
        Int(OPENSSL_sk_num(SSL_get_peer_cert_chain(session)))
    }

    var isResumed: Bool {
        SSL_session_reused(session) == 1
    }

    func ticket() -> ClientTLS.Ticket? {
        SSL_get1_session(session).map(ClientTLS.Ticket.init)
    }
}

/// An OpenSSL context, made once for each way to speak TLS: thousands of clients share it.
private final class ClientContext: @unchecked Sendable {
    let context: OpaquePointer

    private static let made = Mutex<[String: ClientContext]>([:])

    static func of(_ tls: ClientTLS) throws -> ClientContext {
        let identity = tls.identity?.certificate ?? ""
        let key = "\(tls.authority ?? "") \(identity) \(tls.versions) \(tls.applicationProtocols)"
        return try made.withLock { made in
            if let context = made[key] { return context }
            let context = try ClientContext(tls)
            made[key] = context
            return context
        }
    }

    private init(_ tls: ClientTLS) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Trouble("no TLS context") }
        self.context = context
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(tls.versions.lowerBound), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(tls.versions.upperBound), nil)
        // So that it can offer what is long forbidden.
        SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0")
        if let authority = tls.authority {
            SSL_CTX_load_verify_locations(context, authority, nil)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        }
        if let identity = tls.identity {
            SSL_CTX_use_certificate_chain_file(context, identity.certificate)
            SSL_CTX_use_PrivateKey_file(context, identity.key, SSL_FILETYPE_PEM)
        }
        let offered = tls.applicationProtocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        SSL_CTX_set_alpn_protos(context, offered, UInt32(offered.count))
    }
}
