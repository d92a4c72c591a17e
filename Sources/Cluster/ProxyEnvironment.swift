package import HTTP
import JSON
import Sockets

/// The proxy that the environment names, as Go's net/http reads it (and so kubectl).
package enum ProxyEnvironment {
    /// The proxy on the way to `target`; nil when there is none.
    ///
    /// HTTPS_PROXY names it and NO_PROXY whom to reach without it; both in lower case too.
    ///
    /// - Throws: `ClusterError` when HTTPS_PROXY is no URL of a proxy that is spoken to in plain HTTP.
    package static func proxy(
        to target: Endpoint,
        variable: (String) -> String? = EnvironmentVariable.value
    ) throws(ClusterError) -> Proxy? {
        guard target.isTLS, let text = value(of: "HTTPS_PROXY", variable) else { return nil }
        let exceptions = (value(of: "NO_PROXY", variable) ?? "").split { $0 == "," || $0 == " " }
        guard !isLocal(target.host), !exceptions.contains(where: { covers($0, target) }) else { return nil }

        let parts = text.split(separator: "://", maxSplits: 1)
        let scheme = parts.count == 2 ? String(parts[0]) : "http"
        let rest = parts.last ?? ""
        let authority = rest.prefix { $0 != "/" }
        let user = authority.lastIndex(of: "@").map { authority[..<$0] }
        let host = user.map { authority.dropFirst($0.count + 1) } ?? authority
        guard let endpoint = Endpoint("\(scheme)://\(host)"), !endpoint.isTLS else {
            throw ClusterError(
                "HTTPS_PROXY must be the URL of a proxy that is spoken to in plain HTTP, such as http://proxy:3128"
            )
        }
        return Proxy(endpoint, authorization: user.map { "Basic " + encode(decodePercent($0)) })
    }

    private static func value(of name: String, _ variable: (String) -> String?) -> String? {
        [name, name.lowercased()].compactMap { variable($0) }.first { !$0.isEmpty }
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// Whether an entry of NO_PROXY covers the target: `*`, a name and all names below it, an address or a block of
    /// addresses; a name or an address may have a port.
    private static func covers(_ entry: Substring, _ target: Endpoint) -> Bool {
        if entry == "*" { return true }
        if let block = AddressBlock(entry) { return block.contains(target.host) }
        guard let (name, port) = split(entry.lowercased()) else { return false }
        guard port == nil || port == target.port else { return false }
        if let block = AddressBlock(name) { return block.contains(target.host) }
        let host = target.host.lowercased()
        let suffix = name.hasPrefix("*.") ? String(name.dropFirst()) : name
        return suffix.hasPrefix(".") ? host.hasSuffix(suffix) : host == suffix || host.hasSuffix("." + suffix)
    }

    /// The name and the port of `name:port`, `[address]:port` or either without a port.
    private static func split(_ entry: String) -> (name: String, port: UInt16?)? {
        guard let endpoint = Endpoint("http://\(entry)"), endpoint.basePath.isEmpty else { return nil }
        let hasPort = entry.utf8.reversed().prefix { $0 != UInt8(ascii: "]") }.contains(UInt8(ascii: ":"))
        return (endpoint.host, hasPort ? endpoint.port : nil)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.encode(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func decodePercent(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.count >= 2
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
