import Sockets
import TestSupport
import Testing

@testable import TLS

@Suite("A certificate authority of our own")
struct CertificateAuthorityTests {
    private let openssl = OpenSSLProgram()
    private let name = "patless.flux-system.svc"
    /// 2027-01-15T08:00:00Z.
    private let now = 1_800_000_000
    private let day = 86_400

    private func authority(days: Int = 365) throws -> CertificateAuthority {
        try .issue(named: "patless webhook", at: now, lifetime: days * day)
    }

    @Test func `is one by every rule, and signs nothing but servers`() throws {
        let text = try openssl.x509(try authority().certificate, "-text", "-nameopt", "RFC2253")
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        for (heading, value) in [
            ("X509v3 Basic Constraints: critical", "CA:TRUE, pathlen:0"),
            ("X509v3 Key Usage: critical", "Certificate Sign, CRL Sign"),
        ] {
            let at = try #require(lines.firstIndex { $0.trimmed == heading })
            #expect(lines[at + 1].trimmed == value)
        }
        #expect(lines.contains { $0.trimmed == "X509v3 Subject Key Identifier:" })
        #expect(text.contains("Version: 3 (0x2)") && text.contains("NIST CURVE: P-256"))
        #expect(text.contains("Signature Algorithm: ecdsa-with-SHA256"))
    }

    @Test func `issues certificates that openssl takes for what they are, by its strictest rules`() throws {
        let authority = try authority()
        let names = [name, "patless", "10.0.0.7", "fd00::7", "xn--bcher-kva.example"]
        let leaf = try authority.issueLeaf(for: names, at: now, lifetime: 30 * day)
        let files = (
            try openssl.scratch.write(authority.certificate, to: "ca"),
            try openssl.scratch.write(leaf.certificateChain, to: "leaf")
        )
        for name in names {
            let kind = try HostName(name).isAddress ? "-verify_ip" : "-verify_hostname"
            let answer = try openssl.run([
                "verify", "-x509_strict", "-purpose", "sslserver", kind, name, "-attime", "\(now)",
                "-CAfile", files.0, files.1,
            ])
            #expect(answer == "\(files.1): OK\n")
        }
        let text = try openssl.x509(leaf.certificateChain, "-text", "-nameopt", "RFC2253")
        for line in [
            "Subject: CN=\(name)\n", "X509v3 Basic Constraints: critical\n                CA:FALSE\n",
            "X509v3 Key Usage: critical\n                Digital Signature\n",
            "X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n",
            "X509v3 Subject Alternative Name: \n                DNS:\(name), DNS:patless, IP Address:10.0.0.7, "
                + "IP Address:FD00:0:0:0:0:0:0:7, DNS:xn--bcher-kva.example\n",
        ] {
            #expect(text.contains(line))
        }
        let keyIdentifier = try openssl.x509(authority.certificate, "-ext", "subjectKeyIdentifier")
            .split(separator: "\n").last?.trimmed
        #expect(text.contains("X509v3 Authority Key Identifier: \n                \(keyIdentifier ?? "?")\n"))
    }

    @Test func `issues what a server can be run with`() throws {
        let authority = try authority()
        let today = Clock.wall / 1_000_000_000
        let ours = try CertificateAuthority.issue(named: "ours", at: today, lifetime: day)
        let leaf = try ours.issueLeaf(for: ["localhost"], at: today, lifetime: day)
        let context = try TLSContext(certificateChain: leaf.certificateChain, privateKey: leaf.privateKey)
        #expect(context.expires == leaf.expires)

        let site = try Site(try openssl.pair("leaf", leaf.certificateChain, leaf.privateKey))
        let trusting = ClientTLS(authority: try openssl.scratch.write(ours.certificate, to: "ours"))
        let visit = try site.visit(trusting)
        #expect(visit.echo == "hello" && visit.serverName == "localhost" && visit.chainLength == 1)
        let distrusting = ClientTLS(authority: try openssl.scratch.write(authority.certificate, to: "theirs"))
        let error = #expect(throws: Trouble.self) { try site.visit(distrusting) }
        #expect(error?.description == "TLS: certificate verify failed")
    }

    @Test func `keeps to the times that it is given, and lets clocks be five minutes behind`() throws {
        func dates(_ pem: [UInt8]) throws -> String {
            try openssl.x509(pem, "-dates", "-dateopt", "iso_8601")
        }
        // The second one ends in 2056, for which certificates write their times differently.
        for (lifetime, end) in [(day, "2027-01-16 08:00:00Z"), (10_800 * day, "2056-08-10 08:00:00Z")] {
            let authority = try CertificateAuthority.issue(named: "x", at: now, lifetime: lifetime)
            let leaf = try authority.issueLeaf(for: [name], at: now, lifetime: lifetime)
            let expected = "notBefore=2027-01-15 07:55:00Z\nnotAfter=\(end)\n"
            #expect(try dates(authority.certificate) == expected)
            #expect(try dates(leaf.certificateChain) == expected)
            #expect([authority.issued, leaf.issued] == [now, now])
            #expect([authority.expires, leaf.expires] == [now + lifetime, now + lifetime])
        }
    }

    @Test func `issues nothing that outlives it`() throws {
        let authority = try authority(days: 10)
        let leaf = try authority.issueLeaf(for: [name], at: now + day, lifetime: 30 * day)
        #expect(leaf.expires == authority.expires && leaf.issued == now + day)
        let context = try TLSContext(certificateChain: leaf.certificateChain, privateKey: leaf.privateKey)
        #expect(context.expires == authority.expires)
        #expect(
            complaint { () throws(TLSError) in
                try authority.issueLeaf(for: [name], at: authority.expires, lifetime: day)
            } == "the certificate authority has expired"
        )
    }

    @Test func `is the same one when it is read back`() throws {
        let authority = try authority()
        let copy = try CertificateAuthority(
            certificate: authority.certificate,
            privateKey: authority.privateKey
        )
        #expect(copy.certificate == authority.certificate && copy.privateKey == authority.privateKey)
        #expect(copy.issued == authority.issued && copy.expires == authority.expires)
        #expect(String(decoding: copy.privateKey, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let leaf = try copy.issueLeaf(for: [name], at: now, lifetime: day)
        let complaint = try openssl.complaint(
            leaf.certificateChain,
            trusting: authority.certificate,
            name: name,
            at: now
        )
        #expect(complaint == nil)
    }

    @Test func `is not read from what is none`() throws {
        let (ours, other) = (try authority(), try authority())
        let leaf = try ours.issueLeaf(for: [name], at: now, lifetime: day)
        let garbage = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        let noCertificate = "no readable PEM certificate in the certificate authority"
        let noKey = "no readable PEM private key (an encrypted one cannot be used)"
        for (certificate, key, expected) in [
            (
                leaf.certificateChain, leaf.privateKey,
                "the certificate is not that of a certificate authority"
            ),
            (
                ours.certificate, other.privateKey,
                "the private key does not belong to the certificate authority"
            ),
            (
                ours.certificate + other.certificate, ours.privateKey,
                "the certificate authority has 2 certificates instead of one"
            ),
            ([], ours.privateKey, noCertificate), (garbage, ours.privateKey, noCertificate),
            (ours.privateKey, ours.privateKey, noCertificate), (ours.certificate, [], noKey),
            (ours.certificate, garbage, noKey),
            (ours.certificate, Array(ours.privateKey.dropLast(40)), noKey),
        ] {
            let complaint = complaint { () throws(TLSError) in
                try CertificateAuthority(certificate: certificate, privateKey: key)
            }
            #expect(complaint == expected)
        }
        #expect(TLSError.last("x").description == "x: unknown error")
    }

    @Test func `is never confused with another one of the same name`() throws {
        let subjects = try (0..<20).map { _ in
            try openssl.x509(try authority().certificate, "-subject", "-nameopt", "RFC2253")
        }
        #expect(Set(subjects).count == subjects.count)
        for subject in subjects {
            // RFC 2253 begins with the last.
            let parts = subject.trimmed.split(separator: ",")
            #expect(parts.last == "CN=patless webhook")
            #expect(parts.first?.utf8.count == "subject=serialNumber=01234567".utf8.count)
        }
    }

    @Test func `gives a thousand certificates as many serial numbers, all positive and equally long`() throws
    {
        let authority = try authority()
        let leaves = try (0..<1_000).flatMap { _ in
            try authority.issueLeaf(for: [name], at: now, lifetime: day).certificateChain
        }
        let file = try openssl.scratch.write(leaves, to: "leaves")
        let lines = try openssl.run(["storeutl", "-noout", "-text", "-certs", file]).split(separator: "\n")
        let serials = lines.indices.filter { lines[$0].trimmed == "Serial Number:" }
            .map { lines[$0 + 1].trimmed }
        #expect(serials.count == 1_000 && Set(serials).count == 1_000)
        #expect(serials.allSatisfy { $0.utf8.count == 59 && "4567".contains($0.first ?? "?") })
    }

    @Test func `issues from many threads at once`() async throws {
        let authority = try authority()
        let bundle = try CertificateBundle(authority.certificate)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<25 {
                        let leaf = try authority.issueLeaf(for: [name], at: now, lifetime: day)
                        try bundle.verify(chain: leaf.certificateChain, name: name, at: now)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `leaves a common name out that is too long for one`() throws {
        let long = "\(String(repeating: "a", count: 60)).\(String(repeating: "b", count: 60)).svc"
        let authority = try authority()
        let leaf = try authority.issueLeaf(for: [long, name], at: now, lifetime: day)
        let text = try openssl.x509(leaf.certificateChain, "-subject", "-ext", "subjectAltName")
        let expected = "subject=\nX509v3 Subject Alternative Name: critical\n    DNS:\(long), DNS:\(name)\n"
        #expect(text == expected)
        for name in [long, name] {
            let chain = leaf.certificateChain
            #expect(
                try openssl.complaint(chain, trusting: authority.certificate, name: name, at: now) == nil
            )
        }
    }

    @Test(arguments: [
        "", " ", "a b", "a,DNS:b", "a\nb", "a\0b", "10.0.0.7\0", "-a", "a-", "a..b", "a.", ".a", "*.a", "a_b",
        "é",
        "a:b", "https://a", "fe80::1%eth0", "[::1]", String(repeating: "a", count: 64),
        Array(repeating: "a23456789", count: 26).joined(separator: "."),
    ])
    func `issues nothing to what is no name`(name: String) throws {
        let authority = try authority()
        let error = #expect(throws: TLSError.self) {
            try authority.issueLeaf(for: ["a", name], at: now, lifetime: day)
        }
        #expect(error?.description == "\"\(name)\" is neither a DNS name nor an IP address")
    }

    @Test func `is refused without a name, or with one that no certificate can hold`() throws {
        let authority = try authority()
        #expect(
            complaint { () throws(TLSError) in try authority.issueLeaf(for: [], at: now, lifetime: day) }
                == "a certificate needs a name"
        )
        let long = String(repeating: "a", count: 65)
        for (name, reason) in [("", "string too short"), (long, "string too long")] {
            let complaint = complaint { () throws(TLSError) in
                try CertificateAuthority.issue(named: name, at: now, lifetime: day)
            }
            #expect(complaint == "name a certificate \"\(name)\": \(reason)")
        }
        #expect(TLSError.last("x").description == "x: unknown error")
    }
}

extension StringProtocol {
    /// Without the spaces and line breaks around it.
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
