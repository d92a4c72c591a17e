/// Where the URL leads.
extension RepositoryURL {
    /// Scheme, host and port, in one spelling; nil when Go would refuse the URL or source-controller its scheme.
    package var origin: [UInt8]? {
        guard !isMalformed, let standardPort = scheme.port else { return nil }
        let port = port.isEmpty ? Array(standardPort.utf8) : Array(port)
        return Array("\(scheme.rawValue)://".utf8) + host + [UInt8(ascii: ":")] + port
    }
}

extension RepositoryURL.Scheme {
    /// The port where none is written.
    fileprivate var port: String? {
        switch self {
        case .https: "443"
        case .http: "80"
        case .ssh: "22"
        case .other: nil
        }
    }
}
