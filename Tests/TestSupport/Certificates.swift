import Sockets

/// Authorities, and certificates of theirs for servers and clients, made once for a run of the tests.
package struct Certificates: Sendable {
    /// Files of a certificate and its key.
    package struct Pair: Sendable {
        package let certificate: String
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }

        package var certificateBytes: [UInt8] {
            get throws { try File.read(certificate) }
        }

        package var keyBytes: [UInt8] {
            get throws { try File.read(key) }
        }
    }

    package let authority: Pair
    package let otherAuthority: Pair
    /// ECDSA P-256, for localhost and 127.0.0.1.
    package let server: Pair
    /// Another one, such as a rotation brings.
    package let nextServer: Pair
    package let serverRSA: Pair
    /// Issued by an intermediate authority, whose certificate follows in the file.
    package let serverChain: Pair
    /// The common name kube-apiserver, and no other name.
    package let client: Pair
    /// The DNS name kube-apiserver beside another common name.
    package let clientBySAN: Pair
    /// The common name kube-apiserver, and another DNS name.
    package let clientOfTwoNames: Pair
    package let clientOfOtherName: Pair
    package let clientOfOtherAuthority: Pair
    /// The server's key, under a passphrase.
    package let encryptedKey: String

    private let scratch: Scratch

    package static var shared: Certificates {
        get throws { try made.get() }
    }

    private static let made = Result { try Certificates() }

    private init() throws {
        let scratch = Scratch()
        self.scratch = scratch
        let maker = Maker(scratch: scratch)
        let localhost = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        authority = try maker.make("ca", "patless test CA", by: nil, "basicConstraints=critical,CA:TRUE")
        otherAuthority = try maker.make("other", "another CA", by: nil, "basicConstraints=critical,CA:TRUE")
        server = try maker.make("server", "server one", by: authority, localhost)
        nextServer = try maker.make("next", "server two", by: authority, localhost)
        serverRSA = try maker.make("rsa", "server RSA", by: authority, localhost, key: "rsa:2048")
        let intermediate = try maker.make(
            "intermediate",
            "an intermediate",
            by: authority,
            "basicConstraints=critical,CA:TRUE"
        )
        let leaf = try maker.make("leaf", "server of an intermediate", by: intermediate, localhost)
        serverChain = Pair(
            certificate: try scratch.write(
                try leaf.certificateBytes + intermediate.certificateBytes,
                to: "chain.crt"
            ),
            key: leaf.key
        )
        client = try maker.make("client", "kube-apiserver", by: authority)
        clientBySAN = try maker.make("san", "somebody", by: authority, "subjectAltName=DNS:kube-apiserver")
        clientOfTwoNames = try maker.make("two", "kube-apiserver", by: authority, "subjectAltName=DNS:else")
        clientOfOtherName = try maker.make("name", "kube-controller", by: authority)
        clientOfOtherAuthority = try maker.make("stranger", "kube-apiserver", by: otherAuthority)
        encryptedKey = scratch["encrypted.key"]
        try Maker.openssl(["ec", "-in", server.key, "-aes256", "-passout", "pass:x", "-out", encryptedKey])
    }

    private struct Maker {
        let scratch: Scratch

        /// Makes a key, and a certificate for `name` with an extension, by `issuer` or by itself.
        func make(
            _ file: String,
            _ name: String,
            by issuer: Pair?,
            _ extensions: String = "basicConstraints=critical,CA:FALSE",
            key: String = "ec"
        ) throws -> Pair {
            let configuration = try scratch.write("[req]\ndistinguished_name=dn\n[dn]\n", to: "openssl.cnf")
            let pair = Pair(certificate: scratch["\(file).crt"], key: scratch["\(file).key"])
            var arguments = [
                "req", "-x509", "-config", configuration, "-newkey", key, "-nodes", "-days", "30",
            ]
            arguments += key == "ec" ? ["-pkeyopt", "ec_paramgen_curve:P-256"] : []
            arguments += ["-subj", "/CN=\(name)", "-addext", extensions]
            arguments += issuer.map { ["-CA", $0.certificate, "-CAkey", $0.key] } ?? []
            try Self.openssl(arguments + ["-keyout", pair.key, "-out", pair.certificate])
            return pair
        }

        static func openssl(_ arguments: [String]) throws {
            let outcome = try Program.run(["openssl"] + arguments)
            guard outcome.status == 0 else { throw Trouble("openssl \(arguments): \(outcome.errors)") }
        }
    }
}
