import JSON
import Kubernetes
import Policy

/// What the tests of this folder judge.
enum Fixture {
    /// 2026-11-23T00:00:00Z.
    static let now = 20_780 * 86_400

    static func review(
        _ object: String?,
        old: String? = nil,
        operation: String? = nil,
        group: String = "source.toolkit.fluxcd.io",
        version: String = "v1",
        kind: String = "GitRepository",
        namespace: String = "apps",
        subResource: String? = nil
    ) throws -> AdmissionReview {
        let part = subResource.map { #""subResource":"\#($0)","# } ?? ""
        let operation = operation ?? (old == nil ? "CREATE" : "UPDATE")
        let text = """
            {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",\(part)\
            "kind":{"group":"\(group)","version":"\(version)","kind":"\(kind)"},"operation":"\(operation)",\
            "namespace":"\(namespace)","object":\(object ?? "null"),"oldObject":\(old ?? "null")}}
            """
        return try AdmissionReview(Array(text.utf8))
    }

    /// A GitRepository called `fleet` with this in its spec.
    static func repository(_ spec: String, name: String = "fleet", metadata: String = "") -> String {
        #"{"metadata":{"name":"\#(name)"\#(metadata)},"spec":{\#(spec)}}"#
    }

    static func policy(_ change: (inout Policy) -> Void = { _ in }) -> Policy {
        var policy = Policy()
        change(&policy)
        return policy
    }

    static func verdict(
        _ spec: String,
        old: String? = nil,
        policy: Policy = Policy(),
        at now: Int = now
    ) throws -> Verdict {
        try Evaluator(policy).validate(review(repository(spec), old: old.map { repository($0) }), at: now)
    }

    static func written(_ verdict: Verdict, _ review: AdmissionReview) -> String {
        var buffer: [UInt8] = []
        verdict.response(to: review).write(into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }
}

extension Verdict {
    /// Such as `secret-ref=deny`.
    var summary: [String] {
        judgements.map { "\($0.finding.rule.rawValue)=\($0.disposition.label)" }
    }
}
