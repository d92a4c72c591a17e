import COpenSSL
import TLS
import TestSupport
import Testing

@Suite("A TLS handshake")
struct NegotiationTests {
    enum Kind: CaseIterable {
        case ecdsa
        case rsa
    }

    @Test(arguments: [TLS1_2_VERSION: "TLSv1.2", TLS1_3_VERSION: "TLSv1.3"], Kind.allCases)
    func `speaks TLS 1.2 and 1.3, with keys of both kinds`(version: (CInt, String), kind: Kind) throws {
        var tls = try ClientTLS.trusting
        tls.versions = version.0...version.0
        let certificates = try Certificates.shared
        let visit = try Site(kind == .rsa ? certificates.serverRSA : certificates.server).visit(tls)
        #expect(visit.version == version.1 && visit.echo == "hello")
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func `speaks nothing older`(version: CInt) throws {
        var tls = try ClientTLS.trusting
        tls.versions = version...version
        let site = try Site(try Certificates.shared.server)
        let error = #expect(throws: Trouble.self) { try site.visit(tls) }
        #expect(error?.description == "TLS: tlsv1 alert protocol version")
    }

    @Test(
        "agrees on HTTP/1.1 wherever it stands among the client's offers",
        arguments: [
            (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), (["http/1.1", "h2"], "http/1.1"),
            (["http/1.0", "acme-tls/1", "http/1.1"], "http/1.1"), ([], ""),
        ]
    )
    func applicationProtocols(_ offered: [String], _ chosen: String) throws {
        var tls = try ClientTLS.trusting
        tls.applicationProtocols = offered
        #expect(try Site(try Certificates.shared.server).visit(tls).applicationProtocol == chosen)
    }

    @Test(arguments: [["h2"], ["http/1.0"], ["http/1.1 "], ["HTTP/1.1"], ["http/1.", "1"]])
    func `is refused to a client that offers only other protocols`(offered: [String]) throws {
        var tls = try ClientTLS.trusting
        tls.applicationProtocols = offered
        let site = try Site(try Certificates.shared.server)
        let error = #expect(throws: Trouble.self) { try site.visit(tls) }
        #expect(error?.description.contains("no application protocol") == true)
    }

    @Test func `shows the certificates of intermediate authorities as well`() throws {
        let visit = try Site(try Certificates.shared.serverChain).visit(try .trusting)
        #expect(visit.serverName == "server of an intermediate" && visit.chainLength == 2)
    }

    @Test(arguments: [
        (TLS1_2_VERSION, false), (TLS1_3_VERSION, false), (TLS1_2_VERSION, true), (TLS1_3_VERSION, true),
    ])
    func `is short when the client was here before`(version: CInt, verifiesClients: Bool) throws {
        let certificates = try Certificates.shared
        let clients = try ClientVerification(
            authorities: try certificates.authority.certificateBytes,
            names: []
        )
        let site = try Site(certificates.server, clients: verifiesClients ? clients : nil)
        var tls = try ClientTLS.trusting
        tls.versions = version...version
        tls.identity = certificates.client
        let first = try site.visit(tls)
        #expect(!first.isResumed)
        tls.ticket = first.ticket
        let second = try site.visit(tls)
        #expect(second.isResumed && second.echo == "hello")
        // A rotated certificate begins anew, and the old ticket does no harm.
        #expect(try !Site(certificates.nextServer).visit(tls).isResumed)
    }
}
