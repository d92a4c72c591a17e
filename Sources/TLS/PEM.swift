import COpenSSL

/// Certificates and keys in the text form of RFC 7468.
enum PEM {
    /// The certificates in `bytes`, at least one, in their order.
    static func certificates(in bytes: [UInt8], what: String) throws(TLSError) -> [Certificate] {
        defer { ERR_clear_error() }
        let certificates = reading(bytes) { bio in
            var certificates: [Certificate] = []
            while let x509 = PEM_read_bio_X509(bio, nil, nil, nil) {
                certificates.append(Certificate(x509))
            }
            // The end of the text is an error to OpenSSL; a certificate that cannot be read is one too.
            return openssl_reason_is_no_start_line(ERR_peek_last_error()) != 0 ? certificates : nil
        }
        guard let certificates, !certificates.isEmpty else {
            throw TLSError("no readable PEM certificate in the \(what)")
        }
        return certificates
    }

    /// What `read` reads from a BIO over `bytes`, which are not copied: they must outlive it.
    static func reading<Value>(_ bytes: [UInt8], _ read: (OpaquePointer) -> Value?) -> Value? {
        bytes.withUnsafeBytes { bytes in
            let bio = BIO_new_mem_buf(bytes.baseAddress, CInt(clamping: bytes.count))
            guard let bio else { return nil }
            defer { BIO_free(bio) }
            return read(bio)
        }
    }

    /// What `write` writes to the BIO that it is given; nil when it answers that it cannot.
    static func text(_ write: (OpaquePointer) -> CInt) -> [UInt8]? {
        guard let bio = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { return nil }
        let count = BIO_ctrl_pending(bio)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = Int(BIO_read(bio, buffer.baseAddress, CInt(count)))
        }
    }
}
