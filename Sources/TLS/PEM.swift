import COpenSSL

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
