import COpenSSL

/// A private key.
///
/// It never changes once made, and OpenSSL locks what it caches of it: what `@unchecked Sendable` rests on.
final class PrivateKey: @unchecked Sendable {
    let pkey: OpaquePointer

    /// Makes one for ECDSA on P-256.
    init() throws(TLSError) {
        guard let pkey = openssl_make_ec_key("P-256") else { throw .last("make a private key") }
        self.pkey = pkey
    }

    /// Reads one, PEM.
    init(_ pem: [UInt8]) throws(TLSError) {
        // Without a callback, OpenSSL asks the terminal for an encrypted key's passphrase.
        let read = PEM.reading(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        guard let pkey = read else {
            ERR_clear_error()
            throw TLSError("no readable PEM private key (an encrypted one cannot be used)")
        }
        self.pkey = pkey
    }

    deinit {
        EVP_PKEY_free(pkey)
    }

    /// Its PKCS #8 text, unencrypted.
    var pem: [UInt8] {
        get throws(TLSError) {
            guard let text = PEM.text({ PEM_write_bio_PKCS8PrivateKey($0, pkey, nil, nil, 0, nil, nil) })
            else {
                throw .last("write the private key")
            }
            return text
        }
    }
}
