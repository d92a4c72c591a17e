import COpenSSL

/// What OpenSSL refused to do, and why.
package struct TLSError: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// Whether the peer spoke plain HTTP where TLS was expected.
    package var isPlainHTTP = false

    package init(_ description: String) {
        self.description = description
    }

    /// Names what was tried, and takes the reason from OpenSSL's queue of errors.
    static func last(_ what: String) -> TLSError {
        var reason = "unknown error"
        var isPlainHTTP = false
        // The first error is the cause; those after it are what it led to.
        let code = ERR_get_error()
        if code != 0 {
            reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
            isPlainHTTP = openssl_reason_is_http_request(code) != 0
        }
        ERR_clear_error()
        var error = TLSError("\(what): \(reason)")
        error.isPlainHTTP = isPlainHTTP
        return error
    }
}
