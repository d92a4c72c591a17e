import COpenSSL

/// The OpenSSL that the process runs on.
package enum OpenSSLVersion {
    /// Such as `OpenSSL 3.0.19 27 Jan 2026`.
    package static var text: String {
        String(cString: OpenSSL_version(OPENSSL_VERSION))
    }
}
