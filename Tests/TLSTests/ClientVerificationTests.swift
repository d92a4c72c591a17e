import COpenSSL
import TLS
import TestSupport
import Testing

@Suite("Clients that must show a certificate")
struct ClientVerificationTests {
    /// Who comes, and whether the server serves clients of its authority, and those named kube-apiserver.
    struct Visitor: CustomStringConvertible, Sendable {
        let description: String
        let identity: @Sendable (Certificates) -> Certificates.Pair?
        let isServed: Bool
        let isServedByName: Bool
    }

    static let visitors = [
        Visitor(description: "nobody", identity: { _ in nil }, isServed: false, isServedByName: false),
        Visitor(description: "its common name", identity: \.client, isServed: true, isServedByName: true),
        Visitor(description: "a DNS name", identity: \.clientBySAN, isServed: true, isServedByName: true),
        Visitor(
            description: "its common name beside another DNS name",
            identity: \.clientOfTwoNames,
            isServed: true,
            isServedByName: true
        ),
        Visitor(
            description: "another name",
            identity: \.clientOfOtherName,
            isServed: true,
            isServedByName: false
        ),
        Visitor(
            description: "another authority",
            identity: \.clientOfOtherAuthority,
            isServed: false,
            isServedByName: false
        ),
    ]

    @Test(arguments: visitors, [TLS1_2_VERSION, TLS1_3_VERSION])
    func `are served by authority and name`(visitor: Visitor, version: CInt) throws {
        let certificates = try Certificates.shared
        let authorities = try certificates.authority.certificateBytes
        var tls = try ClientTLS.trusting
        tls.versions = version...version
        tls.identity = visitor.identity(certificates)
        for (names, isServed) in [
            ([], visitor.isServed), (["kube-apiserver"], visitor.isServedByName),
            (["front-proxy", "kube-apiserver"], visitor.isServedByName), (["front-proxy"], false),
        ] {
            let clients = try ClientVerification(authorities: authorities, names: names)
            let site = try Site(certificates.server, clients: clients)
            let echo = try? site.visit(tls).echo
            #expect(echo == (isServed ? "hello" : nil), "\(names)")
        }
    }

    @Test func `may be of one of several authorities`() throws {
        let certificates = try Certificates.shared
        let both = try certificates.otherAuthority.certificateBytes + certificates.authority.certificateBytes
        let site = try Site(certificates.server, clients: ClientVerification(authorities: both, names: []))
        for identity in [certificates.client, certificates.clientOfOtherAuthority] {
            var tls = try ClientTLS.trusting
            tls.identity = identity
            #expect(try site.visit(tls).echo == "hello")
        }
    }

    @Test func `are not looked at when none is asked for`() throws {
        var tls = try ClientTLS.trusting
        tls.identity = try Certificates.shared.clientOfOtherAuthority
        #expect(try Site(try Certificates.shared.server).visit(tls).echo == "hello")
    }
}
