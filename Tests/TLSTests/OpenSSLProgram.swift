import Sockets
import TestSupport

@testable import TLS

/// What the openssl program makes of certificates.
struct OpenSSLProgram {
    let scratch = Scratch()

    /// Why it does not trust the first certificate of `chain` for `name`; nil when it does.
    func complaint(_ chain: [UInt8], trusting bundle: [UInt8], name: String, at now: Int) throws -> String? {
        let (trusted, others) = (scratch["trusted.pem"], scratch["chain.pem"])
        try scratch.write(bundle, to: "trusted.pem")
        try scratch.write(chain, to: "chain.pem")
        let isAddress = try HostName(name).isAddress
        let outcome = try Program.run([
            "openssl", "verify", "-no-CApath", "-no-CAstore", "-partial_chain", "-auth_level", "1",
            "-purpose", "sslserver", isAddress ? "-verify_ip" : "-verify_hostname", name, "-attime", "\(now)",
            "-CAfile", trusted, "-untrusted", others, others,
        ])
        guard outcome.status != 0 else { return nil }
        let line = outcome.errors.split(separator: "\n").first { $0.hasPrefix("error ") }
        guard let reason = line?.split(separator: ": ").last else { throw Trouble(outcome.errors) }
        return String(reason)
    }

    /// Its answer about the first certificate in `pem`.
    func x509(_ pem: [UInt8], _ arguments: String...) throws -> String {
        try run(["x509", "-noout", "-in", try scratch.write(pem, to: "certificate.pem")] + arguments)
    }

    /// A certificate and its key that `issuer` signs, allowed to or not.
    func make(_ name: String, by issuer: Certificates.Pair, _ arguments: String...) throws
        -> Certificates.Pair
    {
        let configuration = try scratch.write("[req]\ndistinguished_name=dn\n[dn]\n", to: "openssl.cnf")
        let pair = Certificates.Pair(certificate: scratch["\(name).crt"], key: scratch["\(name).key"])
        _ = try run(
            [
                "req", "-x509", "-config", configuration, "-newkey", "ec", "-nodes", "-days", "30",
                "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=\(name)",
                "-CA", issuer.certificate, "-CAkey", issuer.key, "-keyout", pair.key, "-out",
                pair.certificate,
            ] + arguments
        )
        return pair
    }

    /// Files of a certificate and its key.
    func pair(_ name: String, _ certificate: [UInt8], _ key: [UInt8]) throws -> Certificates.Pair {
        Certificates.Pair(
            certificate: try scratch.write(certificate, to: "\(name).crt"),
            key: try scratch.write(key, to: "\(name).key")
        )
    }

    /// Runs it to its end, which is to be a good one.
    func run(_ arguments: [String]) throws -> String {
        let outcome = try Program.run(["openssl"] + arguments)
        guard outcome.status == 0 else { throw Trouble("openssl \(arguments): \(outcome.errors)") }
        return outcome.output
    }
}

/// What `body` is refused with; nil when it is not.
func complaint<Result>(_ body: () throws(TLSError) -> Result) -> String? {
    do throws(TLSError) {
        _ = try body()
        return nil
    } catch {
        return error.description
    }
}
