/// Where a server is: what its URL says.
package struct Endpoint: Sendable, Equatable, CustomStringConvertible {
    package let isTLS: Bool
    /// A name, or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// What goes before the path of every request; empty, or with a `/` in front and none at its end.
    package let basePath: String

    package init(isTLS: Bool, host: String, port: UInt16, basePath: String = "") {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.basePath = basePath
    }

    /// The endpoint of a URL such as `https://10.0.0.1:6443` or `https://rancher.example/k8s/clusters/c-1`; nil for
    /// what is no such URL, and for one with user-info, query or fragment.
    package init?(_ url: String) {
        let scheme = url.utf8.prefix { $0 != UInt8(ascii: ":") }
        guard let text = String(scheme)?.lowercased(), text == "https" || text == "http" else { return nil }
        var rest = url.utf8.dropFirst(scheme.count)
        guard rest.starts(with: "://".utf8) else { return nil }
        rest = rest.dropFirst(3)
        guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"@?#\\".utf8.contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        var path = rest.dropFirst(authority.count)
        while path.last == UInt8(ascii: "/") {
            path = path.dropLast()
        }
        guard let (host, port) = Self.split(authority), let basePath = String(path) else { return nil }
        guard let number = port.isEmpty ? (text == "https" ? 443 : 80) : UInt16(port) else { return nil }
        self.init(isTLS: text == "https", host: host, port: number, basePath: basePath)
    }

    /// The host and the port, which may be empty, of `name:port` or `[address]:port`.
    private static func split(_ authority: String.UTF8View.SubSequence) -> (host: String, port: String)? {
        let isBracketed = authority.first == UInt8(ascii: "[")
        let close = UInt8(ascii: isBracketed ? "]" : ":")
        let host = authority.dropFirst(isBracketed ? 1 : 0).prefix { $0 != close }
        var rest = authority.dropFirst(host.count + (isBracketed ? 2 : 0))
        guard !host.isEmpty, rest.isEmpty || rest.removeFirst() == UInt8(ascii: ":") else { return nil }
        guard let name = String(host), let port = String(rest) else { return nil }
        return (name, port)
    }

    /// The host and port as a Host field and a URL have them.
    package var authority: String {
        "\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)"
    }

    package var description: String {
        "\(isTLS ? "https" : "http")://\(authority)\(basePath)"
    }
}
