/// An HTTP proxy that connections to servers go through.
package struct Proxy: Sendable, Equatable {
    package let endpoint: Endpoint
    /// The value of Proxy-Authorization; a credential.
    let authorization: String?

    package init(_ endpoint: Endpoint, authorization: String? = nil) {
        self.endpoint = endpoint
        self.authorization = authorization
    }
}
