package import HTTP
package import TLS

/// How a change of what the server runs on, its policy or its certificate, ended.
package enum ChangeOutcome: String, CaseIterable, Sendable {
    case success
    case failure
}

/// The certificate that connections are served with, wherever it comes from.
package protocol ServingCertificate: Sendable {
    /// What a new connection is served with.
    var current: TLSContext { get }
    /// Why the last change is not in use; nil when it is.
    var failure: String? { get }
    var changes: CounterTable<ChangeOutcome> { get }
    /// When the authority that signs it expires, in seconds since 1970; nil when others look after that.
    var authorityExpires: Int? { get }
}

extension Reloader<TLSContext>: ServingCertificate {
    package var authorityExpires: Int? { nil }
}
