import Foundation
import JSON
import Kubernetes
import Policy
import Sockets
import TestSupport

@testable import Audit

/// What the tests of this folder put on record.
enum Fixture {
    /// A denied review of a GitRepository.
    static func record(
        spec: String = #"{"url":"https://dev.azure.com/o/p/_git/r","secretRef":{"name":"pat"}}"#,
        namespace: String = "apps",
        user: String = "alice@contoso.com",
        time: Int = 1_800_000_000_123_000_000
    ) throws -> AuditRecord {
        let text = """
            {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",\
            "kind":{"group":"source.toolkit.fluxcd.io","version":"v1","kind":"GitRepository"},\
            "operation":"CREATE","name":"fleet","namespace":"\(namespace)","userInfo":\
            {"username":"\(user)","groups":["developers","system:authenticated"]},\
            "object":{"metadata":{"name":"fleet"},"spec":\(spec)}}}
            """
        let review = try AdmissionReview(Array(text.utf8))
        let verdict = try Evaluator(Policy()).validate(review, at: 1_800_000_000)
        let hash = String(repeating: "a", count: 64)
        return AuditRecord(
            of: review,
            by: "validate",
            verdict,
            policyHash: hash,
            time: time,
            duration: 42_000
        )
    }

    /// A trail in the file at `path`.
    static func trail(_ path: String, bytes: Int = 1 << 20, kept: Int = 8) throws -> Trail {
        let file = try TrailFile(path, .init(bytes: bytes, seconds: 86_400, kept: kept))
        return try Trail.file(file, instance: "replica") { _ in }
    }

    /// Puts so many decisions into the file at `path`, as one run of a server does.
    static func write(_ count: Int, to path: String, bytes: Int = 1 << 20, kept: Int = 8) throws {
        let trail = try trail(path, bytes: bytes, kept: kept)
        let record = try record()
        for _ in 0..<count {
            trail.take([record], lost: 0)
            trail.pass()
        }
        trail.flush()
    }

    static func lines(_ path: String) throws -> [String] {
        String(decoding: try File.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What is wrong with the trail in these files; nil when it is whole.
    static func fault(_ paths: [String]) throws -> String? {
        var verification = TrailVerification()
        for path in paths { try verification.read(path) }
        _ = verification.finish()
        return verification.fault
    }
}
