package import HTTP
import StatusPage

extension Routes {
    /// The handler of the port for the status page, which only `kubectl port-forward` leads to.
    ///
    /// A browser comes there with whatever page its user has open. So only who asks for this machine by a name of its own
    /// is answered: another name in Host is a page of somebody else's, whose name was made to point here (DNS rebinding).
    /// And no other page may frame it, embed it or read it.
    package static func status(_ page: @escaping @Sendable () -> [UInt8]) -> Handler {
        { request, response in
            response.fields = fields
            guard isLocal(request.buffer[request.host]) else {
                let reason =
                    "this page answers to localhost, 127.0.0.1 and [::1] only, as kubectl port-forward offers it"
                return response.refuse(Refusal(.misdirectedRequest, reason))
            }
            guard request.method == .get || request.method == .head else {
                response.refuse(Refusal(.methodNotAllowed, "only GET and HEAD are answered here"))
                response.allow = "GET, HEAD"
                return
            }
            guard request.has("/", at: request.path) else {
                return response.refuse(Refusal(.notFound, "there is / here"))
            }
            response.contentType = .html
            response.body = page()
        }
    }

    /// Whether a Host field, whatever its port, names the machine that the browser runs on.
    private static func isLocal(_ host: ArraySlice<UInt8>) -> Bool {
        let port = host.reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        var name = host
        if port.count < host.count, host[host.endIndex - port.count - 1] == UInt8(ascii: ":") {
            name = host.dropLast(port.count + 1)
        }
        let lowerCase = name.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
        return ["localhost", "127.0.0.1", "[::1]"].contains { lowerCase.elementsEqual($0.utf8) }
    }

    private static let fields: [(name: StaticString, value: String)] = [
        ("Content-Security-Policy", Page.contentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]
}
