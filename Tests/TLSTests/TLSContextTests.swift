import Sockets
import TestSupport
import Testing

@testable import TLS

@Suite("A certificate and its key")
struct TLSContextTests {
    /// Takes the first as the certificate, the second as the key; nil when they can be used.
    private func complaint(
        _ certificate: [UInt8],
        _ key: [UInt8],
        clients: ClientVerification? = nil
    ) -> String? {
        do throws(TLSError) {
            _ = try TLSContext(certificateChain: certificate, privateKey: key, clients: clients)
            return nil
        } catch {
            return error.description
        }
    }

    private static let noCertificate = "no readable PEM certificate in the certificate"
    private static let noKey = "no readable PEM private key (an encrypted one cannot be used)"

    @Test func `are used when they belong together`() throws {
        let certificates = try Certificates.shared
        for pair in [certificates.server, certificates.serverRSA, certificates.serverChain] {
            #expect(complaint(try pair.certificateBytes, try pair.keyBytes) == nil)
        }
    }

    @Test func `are refused when they do not, whatever kind of key it is`() throws {
        let certificates = try Certificates.shared
        for other in [certificates.nextServer, certificates.serverRSA] {
            let complaint = complaint(try certificates.server.certificateBytes, try other.keyBytes)
            #expect(complaint == "the private key does not belong to the certificate")
        }
    }

    @Test func `are refused when the key needs a passphrase, and nobody is asked for it`() throws {
        let certificates = try Certificates.shared
        let key = try File.read(certificates.encryptedKey)
        #expect(complaint(try certificates.server.certificateBytes, key) == Self.noKey)
    }

    @Test func `are refused when they are something else`() throws {
        let certificate = try Certificates.shared.server.certificateBytes
        let key = try Certificates.shared.server.keyBytes
        let garbage = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        for (chain, keys, expected) in [
            ([], key, Self.noCertificate), (key, key, Self.noCertificate), (garbage, key, Self.noCertificate),
            (Array("garbage".utf8), key, Self.noCertificate),
            (Array(certificate.dropLast(80)), key, Self.noCertificate),
            (certificate + garbage, key, Self.noCertificate), (certificate, [], Self.noKey),
            (certificate, certificate, Self.noKey), (certificate, Array(key.dropLast(60)), Self.noKey),
            ([0, 0xFF], [0, 0xFF], Self.noCertificate),
        ] {
            #expect(complaint(chain, keys) == expected)
        }
    }

    @Test func `leave no error behind that the next one is blamed for`() throws {
        let pair = try Certificates.shared.server
        #expect(complaint([], []) != nil)
        #expect(complaint(try pair.certificateBytes, []) != nil)
        #expect(complaint(try pair.certificateBytes, try pair.keyBytes) == nil)
        #expect(TLSError.last("x").description == "x: unknown error")
    }

    @Test func `may stand among other text, as tools write it`() throws {
        let pair = try Certificates.shared.server
        let text = Array("Certificate:\n    Data: …\n".utf8)
        #expect(complaint(text + (try pair.certificateBytes) + text, text + (try pair.keyBytes)) == nil)
        // One file may hold both, and parameters of the curve before the key.
        let both = try pair.certificateBytes + pair.keyBytes
        #expect(complaint(both, both) == nil)
    }

    @Test func `are refused with client authorities that cannot be read`() throws {
        let pair = try Certificates.shared.server
        let expected = TLSError("no readable PEM certificate in the client CA")
        #expect(throws: expected) { try ClientVerification(authorities: try pair.keyBytes, names: []) }
    }

    @Test func `expire when the first certificate of the chain that ends does`() throws {
        let pair = try Certificates.shared.serverChain
        let context = try TLSContext(certificateChain: pair.certificateBytes, privateKey: pair.keyBytes)
        let days = Double(context.expires - Clock.wall / 1_000_000_000) / 86_400
        #expect(29.9...30 ~= days)
        // The intermediate's is made first, and may end a second earlier.
        let end = "-----END CERTIFICATE-----\n"
        let chain = String(decoding: try pair.certificateBytes, as: UTF8.self)
        let dates = try chain.split(separator: end).map { text in
            try Program.run(
                ["openssl", "x509", "-enddate", "-noout", "-dateopt", "iso_8601"],
                input: text + end
            ).output
        }
        let date = Clock.utc(context.expires).rfc3339.replacing("T", with: " ")
        #expect(dates.count == 2 && dates.min() == "notAfter=\(date)\n")
    }

    @Test func `have a digest that tells them apart`() {
        #expect(
            Digest.sha256(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(Digest.sha256([]).hasPrefix("e3b0c44298fc1c14"))
    }
}
