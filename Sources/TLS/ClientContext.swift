import COpenSSL

/// Whom a client trusts, and the certificate that it shows if it is asked for one.
///
/// A context never changes once made. OpenSSL counts its references atomically. Those two facts are what
/// `@unchecked Sendable` rests on.
package final class ClientContext: @unchecked Sendable {
    let context: OpaquePointer

    /// Trusts the `authorities`, PEM, or those of the system when there are none.
    package init(
        authorities: [UInt8]? = nil,
        certificate: (chain: [UInt8], privateKey: [UInt8])? = nil
    ) throws(TLSError) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .last("make a TLS context") }
        self.context = context
        guard openssl_set_min_proto_version(context, TLS1_2_VERSION) == 1 else {
            throw .last("choose protocols")
        }
        SSL_CTX_set_options(context, openssl_no_renegotiation | openssl_no_compression)
        openssl_set_mode(
            context,
            Int(
                SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
            )
        )
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let authorities {
            let store = SSL_CTX_get_cert_store(context)
            for authority in try PEM.certificates(in: authorities, what: "certificate authority") {
                guard X509_STORE_add_cert(store, authority.x509) == 1 else {
                    throw .last("use the certificate authority")
                }
            }
        } else {
            trustTheSystem()
        }
        if let certificate {
            try KeyPair(certificateChain: certificate.chain, privateKey: certificate.privateKey).show(
                in: context
            )
        }
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// Loads the system's authorities, wherever this system keeps them.
    private func trustTheSystem() {
        SSL_CTX_set_default_verify_paths(context)
        // What a static OpenSSL was built for is Debian's place; these are the others' (as Go's crypto/x509 looks).
        for file in [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
        ] where SSL_CTX_load_verify_file(context, file) == 1 { break }
        ERR_clear_error()
    }
}
