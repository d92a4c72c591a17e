import Glibc
import Sockets
import TestSupport
import Testing

@Suite("patless serve, when it cannot start")
struct StartTests {
    /// Starts it with another certificate or key, or with more flags; how it ended.
    private func start(certificate: String? = nil, key: String? = nil, _ more: [String] = []) throws
        -> Program.Outcome
    {
        let pair = try Certificates.shared.server
        let arguments = Serving.arguments(
            Ports.next(),
            Ports.next(),
            Certificates.Pair(certificate: certificate ?? pair.certificate, key: key ?? pair.key)
        )
        return try Patless.run(arguments + more)
    }

    @Test func `says what is wrong with certificate or key, and ends with 2`() throws {
        let certificates = try Certificates.shared
        let scratch = Scratch()
        let garbage = try scratch.write("garbage", to: "garbage")
        let empty = try scratch.write("", to: "empty")
        let server = certificates.server
        for (outcome, complaint) in [
            (try start(key: "/nonexistent.key"), "open /nonexistent.key: No such file or directory"),
            (try start(certificate: "/nonexistent.crt"), "open /nonexistent.crt: No such file or directory"),
            (try start(certificate: scratch.path), "read \(scratch.path): Is a directory"),
            (
                try start(key: certificates.nextServer.key),
                "\(server.certificate), \(certificates.nextServer.key): "
                    + "the private key does not belong to the certificate"
            ),
            (try start(key: certificates.encryptedKey), "an encrypted one cannot be used"),
            (try start(key: garbage), "no readable PEM private key"),
            (try start(certificate: garbage), "no readable PEM certificate in the certificate"),
            (try start(certificate: empty, key: empty), "no readable PEM certificate in the certificate"),
            (try start(certificate: server.key, key: server.certificate), "no readable PEM certificate"),
            (try start(["--client-ca", garbage]), "no readable PEM certificate in the client CA"),
            (
                try start(["--client-ca", "/nonexistent.ca"]),
                "open /nonexistent.ca: No such file or directory"
            ),
        ] {
            #expect(outcome.isComplaint(2) && outcome.errors.contains(complaint), "\(outcome)")
        }
    }

    @Test func `says what is wrong with the policy, and ends with 2`() throws {
        let scratch = Scratch()
        let bad = try scratch.write(PolicyText.head + "rule: {}\n", to: "bad.yaml")
        for (policy, complaint) in [
            ("/nonexistent.yaml", "open /nonexistent.yaml: No such file or directory"),
            (scratch.path, "read \(scratch.path): Is a directory"), (bad, "\(bad):3:1: "),
        ] {
            let outcome = try start(["--config", policy])
            #expect(outcome.isComplaint(2) && outcome.errors.contains(complaint), "\(outcome)")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func `says that it may not read the policy`() throws {
        let scratch = Scratch()
        let secret = try scratch.write(PolicyText.head, to: "secret.yaml")
        chmod(secret, 0)
        let outcome = try start(["--config", secret])
        #expect(outcome.isComplaint(2) && outcome.errors.contains("Permission denied"))
    }

    @Test func `says which port is taken, and ends with 2`() throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let listener = try Listener(at: address)
        let taken = "127.0.0.1:\(listener.port)"
        for flag in ["--listen", "--ops-listen"] {
            let free = "127.0.0.1:\(Ports.next())"
            let pair = try Certificates.shared.server
            let outcome = try Patless.run([
                "serve", "--tls-cert", pair.certificate, "--tls-key", pair.key, flag, taken,
                flag == "--listen" ? "--ops-listen" : "--listen", free,
            ])
            #expect(outcome.isComplaint(2))
            #expect(outcome.errors == "patless: listen on \(taken): Address already in use\n")
        }
    }

    @Test func `says that an address is not this machine's`() throws {
        let outcome = try Patless.run(
            ["serve", "--listen", "192.0.2.1:9443", "--ops-listen", "127.0.0.1:\(Ports.next())"]
                + [
                    "--tls-cert", Certificates.shared.server.certificate, "--tls-key",
                    Certificates.shared.server.key,
                ]
        )
        #expect(outcome.isComplaint(2))
        #expect(outcome.errors == "patless: listen on 192.0.2.1:9443: Cannot assign requested address\n")
    }

    @Test(arguments: [
        "0.0.0.0:8081", "[::]:8081", "10.1.2.3:8081", "[::ffff:10.1.2.3]:8081", "[fe80::1]:8081",
    ])
    func `says why the status page is on a loopback address only, and ends with 64`(address: String) throws {
        let outcome = try start(["--status-listen", address])
        #expect(outcome.status == 64 && !outcome.isCrash)
        #expect(outcome.errors.contains("must be a loopback address") && outcome.errors.contains("RBAC"))
    }
}
