import COpenSSL

/// A TLS context, a server's or a client's.
extension OpaquePointer {
    /// Makes the context show a certificate chain, PEM, with its key; when the first of them expires, in seconds
    /// since 1970.
    func use(certificateChain: [UInt8], privateKey: [UInt8]) throws(TLSError) -> Int {
        var expires = Int.max
        for (index, certificate) in try PEM.certificates(in: certificateChain, what: "certificate")
            .enumerated()
        {
            expires = min(expires, certificate.expires)
            let accepted =
                index == 0
                ? SSL_CTX_use_certificate(self, certificate.x509)
                : openssl_add1_chain_cert(self, certificate.x509)
            guard accepted == 1 else { throw .last("use the certificate") }
        }
        let key = try PEM.privateKey(in: privateKey)
        defer { EVP_PKEY_free(key) }
        // OpenSSL compares the key with the certificate here.
        guard SSL_CTX_use_PrivateKey(self, key) == 1, SSL_CTX_check_private_key(self) == 1 else {
            ERR_clear_error()
            throw TLSError("the private key does not belong to the certificate")
        }
        return expires
    }
}
