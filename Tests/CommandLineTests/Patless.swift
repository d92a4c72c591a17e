import Glibc
import Policy
import Sockets
import Synchronization
import TestSupport

/// The built executable.
enum Patless {
    /// Beside the tests that are running, or where SwiftPM says that it builds.
    static var path: String {
        get throws {
            var name = [CChar](repeating: 0, count: 4_096)
            let length = readlink("/proc/self/exe", &name, name.count)
            let tests = String(
                decoding: name.prefix(max(length, 0)).map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
            let beside = tests.prefix(upTo: tests.lastIndex(of: "/") ?? tests.startIndex) + "/patless"
            if access(String(beside), X_OK) == 0 { return String(beside) }
            let package = #filePath.replacing("/Tests/CommandLineTests/Patless.swift", with: "")
            let answer = try Program.run(["swift", "build", "--package-path", package, "--show-bin-path"])
            let built = answer.output.split(separator: "\n").last.map { "\($0)/patless" } ?? ""
            guard access(built, X_OK) == 0 else { throw Trouble("no executable: run swift build first") }
            return built
        }
    }

    static func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> Program.Outcome {
        try Program.run([try path] + arguments, input: input, environment: environment)
    }

    /// The path of a review that kube-apiserver has sent.
    static func review(_ name: String) -> String {
        #filePath.replacing("CommandLineTests/Patless.swift", with: "Fixtures/reviews/\(name).json")
    }
}

extension Program.Outcome {
    /// Whether it ended as one that has a complaint ought to: one line for people, and nothing on standard output.
    func isComplaint(_ status: CInt) -> Bool {
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        let isOneLine = lines.count == 2 && lines[1].isEmpty && lines[0].hasPrefix("patless: ")
        return self.status == status && output.isEmpty && isOneLine && !isCrash
    }

    /// Whether Swift's runtime has spoken.
    var isCrash: Bool {
        status > 128
            || ["Fatal error", "Stack dump", "Backtrace", ".swift:"].contains { errors.contains($0) }
    }
}

/// A policy file.
enum PolicyText {
    static let head = "apiVersion: patless.dev/v1alpha1\nkind: Policy\n"

    static let identities =
        head + """
            identities:
              - namespace: flux-system
                serviceAccount: source-controller
                clientId: 11111111-2222-3333-4444-555555555555
                tenantId: 66666666-7777-8888-9999-000000000000

            """
}

/// `patless serve`, running.
final class Serving {
    let program: Program
    let port: UInt16
    let opsPort: UInt16

    /// Starts it, after `prefix`, and waits until it is ready.
    init(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        prefix: [String] = [],
        certificate: Certificates.Pair? = nil
    ) throws {
        let pair = try certificate ?? Certificates.shared.server
        port = Ports.next()
        opsPort = Ports.next()
        program = try Program(
            prefix + [try Patless.path] + Self.arguments(port, opsPort, pair) + arguments,
            environment: environment
        )
        let isReady = try Deadline.wait {
            guard !program.hasEnded else { throw Trouble("patless has ended: \(try program.errors)") }
            return (try? ask("/readyz").status) == 200
        }
        guard isReady else { throw Trouble("patless is not ready: \(try program.errors)") }
    }

    static func arguments(_ port: UInt16, _ opsPort: UInt16, _ pair: Certificates.Pair) -> [String] {
        [
            "serve", "--listen", "127.0.0.1:\(port)", "--ops-listen", "127.0.0.1:\(opsPort)",
            "--tls-cert", pair.certificate, "--tls-key", pair.key,
        ]
    }

    /// What its port for operations says.
    func ask(_ target: String) throws -> Client.Reply {
        try Client(opsPort).request("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
    }

    func client(_ tls: ClientTLS? = nil) throws -> Client {
        try Client(port, tls: tls ?? ClientTLS.trusting)
    }

    /// The request that posts a review.
    static func post(_ review: String, to path: String = "/validate") throws -> String {
        let body = String(decoding: try File.read(Patless.review(review)), as: UTF8.self)
        return "POST \(path)?timeout=10s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

/// Ports that nobody uses, below those that the system gives to clients.
enum Ports {
    private static let counter = Atomic(Int(getpid()) * 31)

    static func next() -> UInt16 {
        while true {
            let number = counter.add(1, ordering: .relaxed).newValue
            let port = UInt16(20_000 + number % 12_000)
            if let address = SocketAddress("127.0.0.1:\(port)"), (try? Listener(at: address)) != nil {
                return port
            }
        }
    }
}
