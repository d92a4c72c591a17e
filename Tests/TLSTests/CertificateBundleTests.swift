import Sockets
import TestSupport
import Testing

@testable import TLS

@Suite("A bundle of trusted certificates")
struct CertificateBundleTests {
    private let openssl = OpenSSLProgram()
    private let name = "patless.flux-system.svc"
    private let now = Clock.wall / 1_000_000_000
    private let day = 86_400

    private func authority(days: Int = 365) throws -> CertificateAuthority {
        try .issue(named: "patless webhook", at: now, lifetime: days * day)
    }

    /// Our verdict, which is to be that of the openssl program too.
    private func verdict(_ chain: [UInt8], trusting bundle: [UInt8], name: String, at now: Int) throws
        -> String?
    {
        let ours = complaint { () throws(TLSError) in
            try CertificateBundle(bundle).verify(chain: chain, name: name, at: now)
        }
        let theirs = try openssl.complaint(chain, trusting: bundle, name: name, at: now)
        #expect(ours == theirs.map { "the certificate for \(name) is not trusted: \($0)" })
        #expect(TLSError.last("x").description == "x: unknown error")
        return theirs
    }

    @Test func `trusts whom its authorities vouch for, the old one and the next one`() throws {
        let (old, next, stranger) = (try authority(), try authority(), try authority())
        for authority in [old, next] {
            let leaf = try authority.issueLeaf(for: [name], at: now, lifetime: day).certificateChain
            for bundle in [authority.certificate, old.certificate + next.certificate] {
                #expect(try verdict(leaf, trusting: bundle, name: name, at: now) == nil)
            }
            #expect(
                try verdict(leaf, trusting: stranger.certificate, name: name, at: now)
                    == "unable to get local issuer certificate"
            )
        }
    }

    @Test func `trusts a certificate in its time only`() throws {
        let authority = try authority(days: 10)
        let leaf = try authority.issueLeaf(for: [name], at: now, lifetime: day)
        for (time, expected) in [
            (now - 301, "certificate is not yet valid"), (now - 300, nil), (now, nil),
            (leaf.expires - 1, nil),
            (leaf.expires, "certificate has expired"), (now + 11 * day, "certificate has expired"),
        ] {
            let chain = leaf.certificateChain
            #expect(try verdict(chain, trusting: authority.certificate, name: name, at: time) == expected)
        }
    }

    @Test(
        "trusts a certificate for its names only",
        arguments: [
            ("patless.flux-system.svc", true), ("PATLESS.Flux-System.svc", true), ("10.0.0.7", true),
            ("fd00:0::7", true), ("flux-system.svc", false), ("x.patless.flux-system.svc", false),
            ("patless.flux-system", false), ("a.wild.test", true), ("a.b.wild.test", false),
            ("wild.test", false),
            ("10.0.0.8", false), ("::7", false), ("only-a-common-name", false), ("fab.part.test", false),
        ]
    )
    func names(_ name: String, _ isTrusted: Bool) throws {
        let authority = try authority()
        let issuer = try openssl.pair("issuer", authority.certificate, authority.privateKey)
        let names = "DNS:patless.flux-system.svc,DNS:*.wild.test,DNS:f*.part.test,IP:10.0.0.7,IP:fd00::7"
        let leaf = try openssl.make("only-a-common-name", by: issuer, "-addext", "subjectAltName=\(names)")
        let chain = try leaf.certificateBytes
        let reason = try HostName(name).isAddress ? "IP address mismatch" : "hostname mismatch"
        let complaint = complaint { () throws(TLSError) in
            try CertificateBundle(authority.certificate).verify(chain: chain, name: name, at: now + 60)
        }
        #expect(complaint == (isTrusted ? nil : "the certificate for \(name) is not trusted: \(reason)"))
    }

    @Test func `trusts no certificate for a common name, even if it has no other`() throws {
        let authority = try authority()
        let issuer = try openssl.pair("issuer", authority.certificate, authority.privateKey)
        let chain = try openssl.make("common.test", by: issuer).certificateBytes
        let complaint = complaint { () throws(TLSError) in
            try CertificateBundle(authority.certificate).verify(
                chain: chain,
                name: "common.test",
                at: now + 60
            )
        }
        #expect(complaint == "the certificate for common.test is not trusted: hostname mismatch")
    }

    @Test(arguments: ["", " ", "a b", "\0", "patless.flux-system.svc\0.evil.test", "*.test"])
    func `never takes a name for checked that is none`(name: String) throws {
        let authority = try authority()
        let leaf = try authority.issueLeaf(for: [self.name], at: now, lifetime: day).certificateChain
        let complaint = complaint { () throws(TLSError) in
            try CertificateBundle(authority.certificate).verify(chain: leaf, name: name, at: now)
        }
        #expect(complaint == "\"\(name)\" is neither a DNS name nor an IP address")
    }

    @Test func `trusts nothing that a server's certificate has signed`() throws {
        let authority = try authority()
        let leaf = try authority.issueLeaf(for: [name], at: now, lifetime: day)
        let signer = try openssl.pair("leaf", leaf.certificateChain, leaf.privateKey)
        let forged = try openssl.make("evil", by: signer, "-addext", "subjectAltName=DNS:\(name)")
        let chain = try forged.certificateBytes + leaf.certificateChain
        #expect(
            try verdict(chain, trusting: authority.certificate, name: name, at: now + 60)
                == "invalid CA certificate"
        )
    }

    @Test func `trusts nothing that was changed after it was signed`() throws {
        let authority = try authority()
        var chain = try authority.issueLeaf(for: [name], at: now, lifetime: day).certificateChain
        // The signature is last: a digit of it, some way before the last line.
        let place = try #require(chain.dropLast(46).lastIndex { $0 != UInt8(ascii: "\n") })
        chain[place] = chain[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(
            try verdict(chain, trusting: authority.certificate, name: name, at: now)
                == "certificate signature failure"
        )
    }

    @Test func `trusts no authority below one of ours`() throws {
        let authority = try authority()
        let root = try openssl.pair("root", authority.certificate, authority.privateKey)
        let below = try openssl.make("below", by: root, "-addext", "basicConstraints=critical,CA:TRUE")
        let leaf = try openssl.make("leaf", by: below, "-addext", "subjectAltName=DNS:\(name)")
        let chain = try leaf.certificateBytes + below.certificateBytes
        #expect(
            try verdict(chain, trusting: authority.certificate, name: name, at: now + 60)
                == "path length constraint exceeded"
        )
        // As in Go, whatever is in the bundle is trusted, and nobody asks who vouches for it.
        let trusted = try below.certificateBytes
        #expect(try verdict(chain, trusting: trusted, name: name, at: now + 60) == nil)
    }

    @Test func `trusts neither SHA-1 nor a certificate for clients`() throws {
        let authority = try authority()
        let issuer = try openssl.pair("issuer", authority.certificate, authority.privateKey)
        let names = "subjectAltName=DNS:\(name)"
        let weak = try openssl.make("weak", by: issuer, "-addext", names, "-sha1")
        let client = try openssl.make(
            "c",
            by: issuer,
            "-addext",
            names,
            "-addext",
            "extendedKeyUsage=clientAuth"
        )
        for (pair, expected) in [
            (weak, "CA signature digest algorithm too weak"), (client, "unsuitable certificate purpose"),
        ] {
            let chain = try pair.certificateBytes
            let verdict = try verdict(chain, trusting: authority.certificate, name: name, at: now + 60)
            #expect(verdict == expected)
        }
    }

    @Test func `may be empty, and then trusts nobody`() throws {
        let leaf = try authority().issueLeaf(for: [name], at: now, lifetime: day)
        for bundle in [
            CertificateBundle(), try CertificateBundle([]), try CertificateBundle(Array(" \r\n".utf8)),
        ] {
            #expect(bundle.isEmpty && bundle.pem.isEmpty && bundle.expires == .max)
            #expect(!bundle.contains([]) && !bundle.contains(leaf.certificateChain))
            let complaint = complaint { () throws(TLSError) in
                try bundle.verify(chain: leaf.certificateChain, name: name, at: now)
            }
            #expect(complaint?.hasSuffix("is not trusted: unable to get local issuer certificate") == true)
        }
    }

    @Test func `is refused when any of it cannot be read, though what can be read may be taken`() throws {
        let (first, second) = (try authority().certificate, try authority().certificate)
        let newline = [UInt8(ascii: "\n")]
        let header = Array("-----BEGIN CERTIFICATE-----\n".utf8)
        let garbage = header + Array("AAAA\n-----END CERTIFICATE-----\n".utf8)
        var flipped = first
        flipped[flipped.count / 2] = UInt8(ascii: "!")
        let cases: [([UInt8], [UInt8])] = [
            (Array("garbage".utf8), []), ([0, 0xFF], []), (garbage, []), (header, []), (flipped, []),
            (first + garbage + second, first + second), (garbage + first, first), (first + garbage, first),
            (flipped + second, second), (first.dropLast(30) + newline + second, second),
            (header + second, second),
            (first + second.dropLast(100), first),
            (header + garbage + second + garbage + first, second + first),
        ]
        for (broken, readable) in cases {
            let bundle = CertificateBundle(readable: broken)
            #expect(bundle.pem == readable)
            #expect(throws: TLSError("no readable PEM certificate in the CA bundle")) {
                try CertificateBundle(broken)
            }
        }
        #expect(TLSError.last("x").description == "x: unknown error")
    }

    @Test func `is written with nothing but its certificates, each once`() throws {
        let (first, second) = (try authority().certificate, try authority().certificate)
        let comment = Array("\n# our own\n".utf8)
        let windows = first.flatMap { $0 == UInt8(ascii: "\n") ? Array("\r\n".utf8) : [$0] }
        let text = comment + windows + comment + second + comment + first
        for bundle in [try CertificateBundle(text), CertificateBundle(readable: text)] {
            #expect(bundle.pem == first + second)
        }
    }

    @Test func `is merged with another in order, and contains both then`() throws {
        let certificates = try (0..<4).map { _ in try authority().certificate }
        func bundle(_ numbers: Int...) throws -> CertificateBundle {
            try CertificateBundle(numbers.flatMap { certificates[$0] })
        }
        let merged = try bundle(2, 0).merging(try bundle(1, 0, 2))
        #expect(merged.pem == certificates[2] + certificates[0] + certificates[1])
        for (number, isIn) in [(0, true), (1, true), (2, true), (3, false)] {
            #expect(merged.contains(certificates[number]) == isIn)
        }
        #expect(merged.contains(certificates[0] + certificates[1]))
        #expect(!merged.contains(certificates[0] + certificates[3]))
        #expect(!merged.contains(Array("garbage".utf8)))
        #expect(try CertificateBundle().merging(bundle(3)).pem == certificates[3])
    }

    @Test func `loses what has expired, and tells what will be next`() throws {
        let authorities = try [30, 10, 20].map { try authority(days: $0) }
        let bundle = try CertificateBundle(authorities.flatMap(\.certificate))
        #expect(bundle.expires == now + 10 * day)
        #expect(bundle.unexpired(at: now + 10 * day - 1).pem == bundle.pem)
        let left = bundle.unexpired(at: now + 10 * day)
        #expect(left.pem == authorities[0].certificate + authorities[2].certificate)
        #expect(left.expires == now + 20 * day)
        #expect(bundle.unexpired(at: now + 30 * day).isEmpty)
    }
}
