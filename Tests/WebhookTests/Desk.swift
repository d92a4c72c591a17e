import Foundation
import Glibc
import Logging
import Policy
import Sockets
import TestSupport

@testable import Audit
@testable import HTTP
@testable import Webhook

/// Both webhooks, without a server around them, and what they put on record.
final class Desk {
    let metrics = Metrics()
    let recorder: Recorder
    let trail: Trail
    let paper: Paper
    let handler: Handler

    init(_ policy: Policy = Policy(), recordsAllowed: Bool = false, also: (any AuditConsumer)? = nil) throws {
        paper = try Paper()
        let stream = TrailStream(to: paper.descriptor)
        trail = try Trail("paper", TrailKeeper(stream, Chain(), instance: "desk") { _ in })
        recorder = try Recorder([trail] + [also].compactMap(\.self))
        let snapshot = PolicySnapshot(policy, hash: "0123456789abcdef")
        handler = Routes.webhook(
            Admission(
                policy: { snapshot },
                metrics: metrics,
                recorder: recorder,
                recordsAllowed: recordsAllowed
            )
        )
    }

    /// Asks as a client would, `age` nanoseconds ago.
    func ask(_ text: [UInt8], age: Int = 0) throws -> Answer {
        try Self.ask(handler, text, age: age)
    }

    /// Asks a handler, of whatever port.
    static func ask(_ handler: Handler, _ text: [UInt8], age: Int = 0) throws -> Answer {
        var buffer = text
        var parser = RequestParser(limits: Limits())
        guard case .complete(var request, _, _) = try parser.parse(&buffer) else {
            throw Trouble("the test's request is not complete")
        }
        request.buffer = buffer
        request.received = Clock.monotonic - age
        var response = Response()
        handler(request, &response)
        return Answer(response: response)
    }

    /// Posts a review to one of the webhooks.
    func post(
        _ body: [UInt8],
        to target: String = "/validate",
        type: String = "application/json",
        age: Int = 0
    ) throws -> Answer {
        let head =
            "POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
        return try ask(Array(head.utf8) + body, age: age)
    }

    func post(_ body: String, to target: String = "/validate") throws -> Answer {
        try post(Array(body.utf8), to: target)
    }

    /// The decisions that were put on record since the last look, a line each.
    func record() throws -> [String] {
        recorder.flush()
        return try paper.read().filter { $0.contains(#""type":"decision""#) }
    }

    /// A policy that gives source-controller its identity.
    static var identities: Policy {
        var policy = Policy()
        policy.identities = [
            Identity(
                namespace: "flux-system",
                serviceAccount: "source-controller",
                deployment: "source-controller",
                clientID: "11111111-2222-3333-4444-555555555555",
                tenantID: "66666666-7777-8888-9999-000000000000"
            )
        ]
        return policy
    }
}

/// A response, read by Foundation, which shares no code with the writer of ours.
struct Answer {
    let response: Response

    var status: Int {
        response.status.rawValue
    }

    var text: String {
        String(decoding: response.body, as: UTF8.self)
    }

    /// Whether anything in it could be taken for a verdict.
    var isVerdict: Bool {
        response.contentType == .json || status == 200 || text.contains("allowed\"")
    }

    /// The AdmissionReview that it is.
    var review: Review {
        get throws { try JSONDecoder().decode(Review.self, from: Data(response.body)) }
    }

    /// What it says under `response`.
    var verdict: Review.Verdict {
        get throws { try review.response }
    }

    struct Review: Decodable {
        let apiVersion: String
        let kind: String
        let response: Verdict

        struct Verdict: Decodable {
            let uid: String
            let allowed: Bool
            let status: Status?
            let warnings: [String]?
            let patchType: String?
            let patch: Data?
            let auditAnnotations: [String: String]?
        }

        struct Status: Decodable {
            let status: String
            let code: Int
            let reason: String
            let message: String
            let details: Details
        }

        struct Details: Decodable {
            let causes: [Cause]
        }

        struct Cause: Decodable, Equatable {
            let reason: String
            let message: String
            let field: String
        }
    }
}

/// Where log lines go, to be read by a test.
final class Paper {
    let writer: LineWriter
    private let scratch = Scratch()
    let descriptor: CInt
    private var offset = 0

    init() throws {
        descriptor = open(scratch["log"], O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open the log") }
        writer = try LineWriter(to: descriptor)
    }

    deinit {
        close(descriptor)
    }

    func logger(_ format: LineLogHandler.Format = .json, _ level: Logger.Level = .info) -> Logger {
        let handler = LineLogHandler(writer, format: format, level: level)
        return Logger(label: "test") { _ in handler }
    }

    /// The lines since the last look.
    func read() throws -> [String] {
        writer.flush()
        let bytes = try Sockets.File.read(scratch["log"], limit: 64 << 20)
        defer { offset = bytes.count }
        return String(decoding: bytes[offset...], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// The reviews that kube-apiserver has sent.
enum Fixture {
    static func review(_ name: String) throws -> [UInt8] {
        let tests = #filePath.replacing("/WebhookTests/Desk.swift", with: "")
        return try Sockets.File.read("\(tests)/Fixtures/reviews/\(name).json")
    }

    /// A review about a GitRepository with this spec; `uid` is written with its quotes.
    static func review(spec: String, uid: String = #""u-1""#, more: String = "") -> String {
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":\(uid),\
        "kind":{"group":"source.toolkit.fluxcd.io","version":"v1","kind":"GitRepository"},\
        "operation":"CREATE","name":"fleet","namespace":"apps",\(more)\
        "object":{"metadata":{"name":"fleet"},"spec":\(spec)}}}
        """
    }
}
