import COpenSSL

/// The certificates that a client trusts, each once, in their order: what a webhook configuration's `caBundle` holds.
package struct CertificateBundle: Sendable {
    private var certificates: [Certificate] = []

    /// The bundle that trusts nobody.
    package init() {}

    /// Reads a bundle, PEM; one of white space alone has no certificates.
    package init(_ pem: [UInt8]) throws(TLSError) {
        ERR_clear_error()
        guard !pem.allSatisfy({ " \t\r\n".utf8.contains($0) }) else { return }
        add(try PEM.certificates(in: pem, what: "CA bundle"))
    }

    /// Takes what can be read of a bundle, and leaves what cannot.
    package init(readable pem: [UInt8]) {
        ERR_clear_error()
        // OpenSSL would look for the end of a cut certificate in the next one.
        var piece: [UInt8] = []
        for line in pem.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "-----BEGIN".utf8) {
                add((try? PEM.certificates(in: piece, what: "CA bundle")) ?? [])
                piece = []
            }
            piece += line + [UInt8(ascii: "\n")]
        }
        add((try? PEM.certificates(in: piece, what: "CA bundle")) ?? [])
    }

    /// PEM, with nothing around the certificates.
    package var pem: [UInt8] {
        certificates.flatMap(\.pem)
    }

    package var isEmpty: Bool {
        certificates.isEmpty
    }

    /// When the first certificate that ends expires, in seconds since 1970.
    package var expires: Int {
        certificates.map(\.expires).min() ?? .max
    }

    /// Whether the certificates in `pem`, at least one, are among these, byte for byte.
    package func contains(_ pem: [UInt8]) -> Bool {
        guard let others = try? PEM.certificates(in: pem, what: "certificate") else { return false }
        return others.allSatisfy(has)
    }

    /// These certificates, and behind them those of `other` that are not among them.
    package func merging(_ other: Self) -> Self {
        var merged = self
        merged.add(other.certificates)
        return merged
    }

    /// Those that have not expired at `now`, in seconds since 1970.
    package func unexpired(at now: Int) -> Self {
        var left = self
        left.certificates.removeAll { $0.expires <= now }
        return left
    }

    /// Tells why a client that trusts these would not take the server called `name` for what it says it is.
    ///
    /// `chain` is PEM, the server's certificate first. `now` is in seconds since 1970. The rules are those of Go, and
    /// so of the API server, where OpenSSL has others by default.
    package func verify(chain: [UInt8], name: String, at now: Int) throws(TLSError) {
        ERR_clear_error()
        let name = try HostName(name)
        let chain = try PEM.certificates(in: chain, what: "server's certificate")
        let (store, context, others) = (X509_STORE_new(), X509_STORE_CTX_new(), OPENSSL_sk_new_null())
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(others)
            ERR_clear_error()
            // The context counts no reference to them, and an array goes after its last use, not with its scope.
            withExtendedLifetime(chain) {}
        }
        for authority in certificates {
            guard X509_STORE_add_cert(store, authority.x509) == 1 else { throw .last("trust a certificate") }
        }
        for certificate in chain.dropFirst() {
            guard OPENSSL_sk_push(others, UnsafeRawPointer(certificate.x509)) > 0 else {
                throw .last("use the server's certificate")
            }
        }
        guard let context, X509_STORE_CTX_init(context, store, chain[0].x509, others) == 1,
            X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER) == 1
        else { throw .last("verify the server's certificate") }
        try Self.expect(name, at: now, context)

        guard X509_verify_cert(context) == 1 else {
            let code = Int(X509_STORE_CTX_get_error(context))
            let reason = X509_verify_cert_error_string(code).map { String(cString: $0) } ?? "error \(code)"
            throw TLSError("the certificate for \(name.text) is not trusted: \(reason)")
        }
    }

    private static func expect(_ name: HostName, at now: Int, _ context: OpaquePointer) throws(TLSError) {
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, now)
        // Whatever is in the bundle is trusted, self-signed or not.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // No SHA-1, and no RSA key below 1,024 bits.
        X509_VERIFY_PARAM_set_auth_level(parameters, 1)
        X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        )
        let isSet =
            name.isAddress
            ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.text)
            : X509_VERIFY_PARAM_set1_host(parameters, name.text, 0)
        guard isSet == 1 else { throw .last("expect the name \(name.text)") }
    }

    private mutating func add(_ others: [Certificate]) {
        for other in others where !has(other) { certificates.append(other) }
    }

    private func has(_ other: Certificate) -> Bool {
        let bytes = other.der
        return certificates.contains { $0.der == bytes }
    }
}
