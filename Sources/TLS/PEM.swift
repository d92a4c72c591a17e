import COpenSSL
import Glibc

/// Certificates and keys in the text form of RFC 7468.
enum PEM {
    /// The certificates in `bytes`, at least one, in their order.
    static func certificates(in bytes: [UInt8], what: String) throws(TLSError) -> [Certificate] {
        guard let bio = BIO_new_mem_buf(bytes, CInt(clamping: bytes.count)) else {
            throw .last("read the \(what)")
        }
        defer { BIO_free(bio) }
        var certificates: [Certificate] = []
        while let x509 = PEM_read_bio_X509(bio, nil, nil, nil) {
            certificates.append(Certificate(x509))
        }
        // The end of the text is an error to OpenSSL; a certificate that cannot be read is one too.
        let isEnd = openssl_reason_is_no_start_line(ERR_peek_last_error()) != 0
        guard isEnd, !certificates.isEmpty else {
            ERR_clear_error()
            throw TLSError("no readable PEM certificate in the \(what)")
        }
        ERR_clear_error()
        return certificates
    }

    /// The private key in `bytes`; the caller frees it.
    static func privateKey(in bytes: [UInt8]) throws(TLSError) -> OpaquePointer {
        guard let bio = BIO_new_mem_buf(bytes, CInt(clamping: bytes.count)) else {
            throw .last("read the private key")
        }
        defer { BIO_free(bio) }
        // Without a callback, OpenSSL asks the terminal for an encrypted key's passphrase.
        guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else {
            ERR_clear_error()
            throw TLSError("no readable PEM private key (an encrypted one cannot be used)")
        }
        return key
    }
}

/// An X.509 certificate.
final class Certificate {
    let x509: OpaquePointer

    /// Takes ownership of `x509`.
    init(_ x509: OpaquePointer) {
        self.x509 = x509
    }

    deinit {
        X509_free(x509)
    }

    /// When it expires, in seconds since 1970.
    var expires: Int {
        var time = tm()
        guard ASN1_TIME_to_tm(X509_get0_notAfter(x509), &time) == 1 else { return 0 }
        return timegm(&time)
    }
}
