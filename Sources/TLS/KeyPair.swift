import COpenSSL

/// A certificate chain and its key: who a server, or a client, is.
struct KeyPair {
    private let chain: [Certificate]
    private let key: PrivateKey

    /// Reads both, PEM.
    init(certificateChain: [UInt8], privateKey: [UInt8]) throws(TLSError) {
        chain = try PEM.certificates(in: certificateChain, what: "certificate")
        key = try PrivateKey(privateKey)
    }

    /// When the last certificate that begins starts to be valid, in seconds since 1970.
    var begins: Int {
        chain.map(\.begins).max() ?? 0
    }

    /// When the first certificate that ends expires, in seconds since 1970.
    var expires: Int {
        chain.map(\.expires).min() ?? 0
    }

    /// Makes a TLS context show them.
    func show(in context: OpaquePointer) throws(TLSError) {
        for (index, certificate) in chain.enumerated() {
            let accepted =
                index == 0
                ? SSL_CTX_use_certificate(context, certificate.x509)
                : openssl_add1_chain_cert(context, certificate.x509)
            guard accepted == 1 else { throw .last("use the certificate") }
        }
        // OpenSSL compares the key with the certificate here.
        guard SSL_CTX_use_PrivateKey(context, key.pkey) == 1, SSL_CTX_check_private_key(context) == 1 else {
            ERR_clear_error()
            throw TLSError("the private key does not belong to the certificate")
        }
    }
}
