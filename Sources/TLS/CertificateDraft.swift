import COpenSSL

/// A certificate that nobody has signed yet, with a random serial number.
struct CertificateDraft {
    /// 159 bits, so positive in the 20 octets that RFC 5280 allows.
    let serial: [UInt8]
    private let certificate: Certificate
    private let issuer: Certificate

    /// Starts one for the owner of `key`, valid between two seconds since 1970.
    ///
    /// Without an issuer it is its own.
    init(for key: PrivateKey, by issuer: Certificate?, from begins: Int, until ends: Int) throws(TLSError) {
        guard let x509 = X509_new() else { throw .last("make a certificate") }
        certificate = Certificate(x509)
        self.issuer = issuer ?? certificate
        serial = try Self.makeSerial()

        let number = BN_bin2bn(serial, CInt(serial.count), nil)
        defer { BN_free(number) }
        guard X509_set_version(x509, Int(X509_VERSION_3)) == 1,
            let number, BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nil,
            ASN1_TIME_set(X509_getm_notBefore(x509), begins) != nil,
            ASN1_TIME_set(X509_getm_notAfter(x509), ends) != nil,
            X509_set_pubkey(x509, key.pkey) == 1
        else { throw .last("make a certificate") }
    }

    private static func makeSerial() throws(TLSError) -> [UInt8] {
        var serial = [UInt8](repeating: 0, count: 20)
        guard RAND_bytes(&serial, CInt(serial.count)) == 1 else { throw .last("make a serial number") }
        // The first bit would make it negative; the second keeps all of them equally long.
        serial[0] = serial[0] & 0x7F | 0x40
        return serial
    }

    /// Adds an attribute, such as `NID_commonName`, to the subject.
    func name(_ attribute: CInt, _ value: String) throws(TLSError) {
        let subject = X509_get_subject_name(certificate.x509)
        let bytes = Array(value.utf8)
        let count = CInt(clamping: bytes.count)
        guard X509_NAME_add_entry_by_NID(subject, attribute, MBSTRING_UTF8, bytes, count, -1, 0) == 1 else {
            throw .last("name a certificate \"\(value)\"")
        }
    }

    /// Adds an extension, such as `NID_key_usage`, in the notation of x509v3_config(5).
    func add(_ identifier: CInt, _ value: String) throws(TLSError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.x509, certificate.x509, nil, nil, 0)
        let item = X509V3_EXT_nconf_nid(nil, &context, identifier, value)
        defer { X509_EXTENSION_free(item) }
        guard let item, X509_add_ext(certificate.x509, item, -1) == 1 else {
            throw .last("add \"\(value)\" to a certificate")
        }
    }

    /// The certificate, signed with the issuer's key; the draft ends with it.
    func signed(with key: PrivateKey) throws(TLSError) -> Certificate {
        guard X509_set_issuer_name(certificate.x509, X509_get_subject_name(issuer.x509)) == 1,
            X509_sign(certificate.x509, key.pkey, EVP_sha256()) > 0
        else { throw .last("sign a certificate") }
        return certificate
    }
}
