import TLS

/// Authorities and bundles as a Secret holds them: what was read is read again, and a good one always is.
enum AuthorityTarget {
    private static let good = try? CertificateAuthority.issue(named: "x", at: 1_800_000_000, lifetime: 60)

    static func feed(_ bytes: [UInt8]) {
        guard let good else { preconditionFailure("no authority can be made") }
        for (certificate, key) in [(bytes, good.privateKey), (good.certificate, bytes), (bytes, bytes)] {
            if let read = authority(certificate, key) {
                precondition(authority(read.certificate, read.privateKey) != nil, "it is not read again")
            }
        }
        let bundle = CertificateBundle(readable: bytes)
        let again = CertificateBundle(readable: bundle.pem)
        precondition(again.pem == bundle.pem, "another bundle is read again")
        precondition(authority(good.certificate, good.privateKey) != nil, "a good authority is refused")
    }

    /// Reads from copies that nobody else has, as what comes from a Secret is.
    private static func authority(_ certificate: [UInt8], _ key: [UInt8]) -> CertificateAuthority? {
        try? CertificateAuthority(certificate: certificate.map(\.self), privateKey: key.map(\.self))
    }
}
