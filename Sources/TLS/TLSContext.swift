import COpenSSL

/// The certificate and key that connections are served with, and whom they are served to.
///
/// A context never changes once made: rotating a certificate makes a new one. OpenSSL counts its references
/// atomically. Those two facts are what `@unchecked Sendable` rests on.
package final class TLSContext: @unchecked Sendable {
    let context: OpaquePointer
    /// When the whole chain starts to be valid, in seconds since 1970.
    package let begins: Int
    /// When the first certificate of the chain that ends expires, in seconds since 1970.
    package let expires: Int
    /// What is shown to clients, PEM.
    package let certificateChain: [UInt8]

    /// Reads a certificate chain and its key, both PEM.
    package init(certificateChain: [UInt8], privateKey: [UInt8], clients: ClientVerification? = nil)
        throws(TLSError)
    {
        ERR_clear_error()
        let identity = try KeyPair(certificateChain: certificateChain, privateKey: privateKey)
        self.certificateChain = certificateChain
        begins = identity.begins
        expires = identity.expires
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw .last("make a TLS context") }
        self.context = context

        guard openssl_set_min_proto_version(context, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
            // Go, and so the API server, prefers AES-128 too: as safe here, and four rounds shorter.
            SSL_CTX_set_ciphersuites(
                context,
                "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
            ) == 1
        else { throw .last("choose protocols and ciphers") }
        SSL_CTX_set_options(
            context,
            openssl_no_renegotiation | openssl_no_compression | openssl_cipher_server_preference
        )
        // Moving buffer: an array may move between two tries of one write. Release: an idle connection
        // then keeps no 16 KiB buffers.
        openssl_set_mode(
            context,
            Int(
                SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
            )
        )
        // One read(2) fetches a record's header and its body.
        openssl_set_read_ahead(context, 1)
        // Sessions resume by ticket; a cache would only cost memory.
        openssl_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_num_tickets(context, 1)
        SSL_CTX_set_session_id_context(context, "patless", 7)
        SSL_CTX_set_alpn_select_cb(context, chooseHTTP11, nil)

        try identity.show(in: context)
        if let clients {
            try verify(clients)
        }
    }

    deinit {
        SSL_CTX_free(context)
    }

    private func verify(_ clients: ClientVerification) throws(TLSError) {
        let store = SSL_CTX_get_cert_store(context)
        for authority in try PEM.certificates(in: clients.authorities, what: "client CA") {
            guard X509_STORE_add_cert(store, authority.x509) == 1,
                SSL_CTX_add_client_CA(context, authority.x509) == 1
            else { throw .last("use the client CA") }
        }
        let parameters = SSL_CTX_get0_param(context)
        // kube-apiserver's client certificates often have a common name alone.
        X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS)
        )
        for name in clients.names {
            guard X509_VERIFY_PARAM_add1_host(parameters, name, 0) == 1 else {
                throw .last("use the client name")
            }
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
}

/// Whom to serve: clients with a certificate of these authorities, in one of these names.
package struct ClientVerification: Sendable, Equatable {
    /// Certificates, PEM.
    package var authorities: [UInt8]
    /// Common names or DNS names; with none, any certificate of the authorities will do.
    package var names: [String]

    /// - Throws: when there is no certificate in `authorities`.
    package init(authorities: [UInt8], names: [String]) throws(TLSError) {
        _ = try PEM.certificates(in: authorities, what: "client CA")
        self.authorities = authorities
        self.names = names
    }
}

/// Chooses HTTP/1.1 among what the client offers (RFC 7301); offered only others, it refuses the handshake.
private func chooseHTTP11(
    _ session: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ unused: UnsafeMutableRawPointer?
) -> CInt {
    guard let chosen, let chosenLength, let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    var start = 0
    while start < Int(offeredLength) {
        let length = Int(offered[start])
        let name = offered + start + 1
        guard start + 1 + length <= Int(offeredLength) else { break }
        if UnsafeBufferPointer(start: name, count: length).elementsEqual("http/1.1".utf8) {
            chosen.pointee = name
            chosenLength.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        start += 1 + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
