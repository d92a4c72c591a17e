import COpenSSL

/// A certificate authority that lives in this process, and issues certificates for servers.
///
/// ECDSA on P-256 and SHA-256 throughout. A certificate starts to be valid some minutes before it is issued, for
/// clients whose clock is behind.
package struct CertificateAuthority: Sendable {
    /// PEM: what clients trust.
    package let certificate: [UInt8]
    /// PKCS #8 in PEM, unencrypted.
    package let privateKey: [UInt8]
    /// When it was made, in seconds since 1970.
    package let issued: Int
    /// When it expires, in seconds since 1970.
    package let expires: Int

    private let issuer: Certificate
    private let key: PrivateKey

    /// How many seconds a clock that is behind may be behind.
    static let backdate = 300

    /// Makes an authority that is valid from `now`, in seconds since 1970, for `lifetime` seconds.
    ///
    /// The subject ends in digits of the serial number: were two authorities of one bundle called the same, a client
    /// could take one for the other.
    package static func issue(named name: String, at now: Int, lifetime: Int) throws(TLSError) -> Self {
        ERR_clear_error()
        let key = try PrivateKey()
        let draft = try CertificateDraft(for: key, by: nil, from: now - backdate, until: now + lifetime)
        try draft.name(NID_commonName, name)
        try draft.name(NID_serialNumber, draft.serial.suffix(4).hexadecimal)
        try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try draft.add(NID_subject_key_identifier, "hash")
        return try Self(draft.signed(with: key), key)
    }

    /// Reads an authority back: its one certificate and its key, both PEM.
    package init(certificate: [UInt8], privateKey: [UInt8]) throws(TLSError) {
        ERR_clear_error()
        let certificates = try PEM.certificates(in: certificate, what: "certificate authority")
        guard certificates.count == 1 else {
            throw TLSError("the certificate authority has \(certificates.count) certificates instead of one")
        }
        try self.init(certificates[0], try PrivateKey(privateKey))
    }

    private init(_ issuer: Certificate, _ key: PrivateKey) throws(TLSError) {
        // 1: by its basic constraints, and allowed to sign certificates. Other answers stand for older customs.
        guard X509_check_ca(issuer.x509) == 1 else {
            throw TLSError("the certificate is not that of a certificate authority")
        }
        guard X509_check_private_key(issuer.x509, key.pkey) == 1 else {
            ERR_clear_error()
            throw TLSError("the private key does not belong to the certificate authority")
        }
        certificate = issuer.pem
        privateKey = try key.pem
        issued = issuer.begins + Self.backdate
        expires = issuer.expires
        self.issuer = issuer
        self.key = key
    }

    /// Issues a certificate to a server that is called `names`, DNS names and IP addresses, with a key of its own.
    ///
    /// It is valid from `now`, in seconds since 1970, for `lifetime` seconds, though never longer than the authority.
    package func issueLeaf(for names: [String], at now: Int, lifetime: Int) throws(TLSError) -> IssuedLeaf {
        ERR_clear_error()
        guard now < expires else { throw TLSError("the certificate authority has expired") }
        guard let first = names.first else { throw TLSError("a certificate needs a name") }
        var alternatives: [String] = []
        for name in names { alternatives.append(try HostName(name).alternativeName) }

        let leafKey = try PrivateKey()
        let ends = min(now + lifetime, expires)
        let draft = try CertificateDraft(for: leafKey, by: issuer, from: now - Self.backdate, until: ends)
        // A common name has 64 bytes at most. Without a subject, the names are critical (RFC 5280, 4.2.1.6).
        let isNamed = first.utf8.count <= 64
        if isNamed { try draft.name(NID_commonName, first) }
        try draft.add(
            NID_subject_alt_name,
            (isNamed ? "" : "critical,") + alternatives.joined(separator: ",")
        )
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_key_usage, "critical,digitalSignature")
        try draft.add(NID_ext_key_usage, "serverAuth")
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always")
        return IssuedLeaf(
            certificateChain: try draft.signed(with: key).pem,
            privateKey: try leafKey.pem,
            issued: now,
            expires: ends
        )
    }
}

/// A server's certificate and key, as a `CertificateAuthority` issues them.
package struct IssuedLeaf: Sendable, Equatable {
    /// PEM.
    package let certificateChain: [UInt8]
    /// PKCS #8 in PEM, unencrypted.
    package let privateKey: [UInt8]
    /// In seconds since 1970.
    package let issued: Int
    /// In seconds since 1970.
    package let expires: Int
}
