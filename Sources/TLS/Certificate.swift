import COpenSSL
import Glibc

/// An X.509 certificate.
///
/// It never changes once it is signed. OpenSSL counts its references atomically and locks what it caches of it:
/// what `@unchecked Sendable` rests on.
final class Certificate: @unchecked Sendable {
    let x509: OpaquePointer

    /// Takes ownership of `x509`.
    init(_ x509: OpaquePointer) {
        self.x509 = x509
    }

    deinit {
        X509_free(x509)
    }

    /// When it starts to be valid, in seconds since 1970.
    var begins: Int {
        Self.seconds(X509_get0_notBefore(x509))
    }

    /// When it expires, in seconds since 1970.
    var expires: Int {
        Self.seconds(X509_get0_notAfter(x509))
    }

    /// Its bytes, by which it is told from others.
    var der: [UInt8] {
        let count = Int(i2d_X509(x509, nil))
        precondition(count > 0, "no memory for a certificate's bytes")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var end = buffer.baseAddress
            initialized = Int(i2d_X509(x509, &end))
        }
    }

    /// Its text, and nothing around it.
    var pem: [UInt8] {
        guard let text = PEM.text({ PEM_write_bio_X509($0, x509) }) else {
            preconditionFailure("no memory for a certificate's text")
        }
        return text
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return timegm(&parts)
    }
}
