package import Audit
package import HTTP
import Kubernetes
package import Policy
import Sockets

/// Bytes of an AdmissionReview to a verdict to bytes of its answer.
///
/// No API call, no file and no wait: what a decision needs of the world is in the policy's snapshot.
package struct Admission: Sendable {
    private let policy: @Sendable () -> PolicySnapshot
    private let metrics: Metrics
    private let recorder: Recorder
    private let recordsAllowed: Bool

    /// With `recordsAllowed`, what is allowed without a finding goes on record too.
    package init(
        policy: @escaping @Sendable () -> PolicySnapshot,
        metrics: Metrics,
        recorder: Recorder,
        recordsAllowed: Bool = false
    ) {
        self.policy = policy
        self.metrics = metrics
        self.recorder = recorder
        self.recordsAllowed = recordsAllowed
    }

    /// Answers a request to one of the webhooks; what is no proper review is answered with a reason, never
    /// with a verdict.
    package func answer(_ request: Request, _ response: inout Response, webhook: WebhookKind) {
        do throws(Refusal) {
            try decide(request, &response, webhook)
        } catch {
            response.refuse(error)
            response.allow = error.status == .methodNotAllowed ? "POST" : nil
        }
    }

    private func decide(_ request: Request, _ response: inout Response, _ webhook: WebhookKind)
        throws(Refusal)
    {
        guard request.method == .post else {
            throw Refusal(.methodNotAllowed, "\(webhook.rawValue) takes an AdmissionReview by POST")
        }
        guard request.hasContentType("application/json") else {
            throw Refusal(.unsupportedMediaType, "an AdmissionReview has Content-Type: application/json")
        }
        try checkDeadline(request)
        let snapshot = policy()
        let (review, verdict) = try Self.judge(request, webhook, snapshot)
        verdict.response(to: review, policyHash: snapshot.hash).write(into: &response.body)

        let nanoseconds = Clock.monotonic - request.received
        metrics.record(webhook, review.operation, verdict, nanoseconds: nanoseconds)
        if recordsAllowed || verdict.decision != .allow {
            recorder.add(
                AuditRecord(
                    of: review,
                    by: webhook.rawValue,
                    verdict,
                    policyHash: snapshot.hash,
                    time: Clock.wall,
                    duration: nanoseconds
                )
            )
        }
    }

    private static func judge(
        _ request: Request,
        _ webhook: WebhookKind,
        _ snapshot: PolicySnapshot
    ) throws(Refusal) -> (AdmissionReview, Verdict) {
        let now = Clock.wall / Limits.second
        do throws(ReviewError) {
            let review = try AdmissionReview(request.buffer, request.body)
            let verdict =
                switch webhook {
                case .mutate: try snapshot.evaluator.mutate(review, at: now)
                case .validate: try snapshot.evaluator.validate(review, at: now)
                }
            return (review, verdict)
        } catch {
            throw Refusal(.badRequest, error.description)
        }
    }

    /// The API server says in the query how long it waits; when that is over, nobody reads the answer, and
    /// a decision that nobody got must not be on record.
    private func checkDeadline(_ request: Request) throws(Refusal) {
        guard let text = request.parameter("timeout") else { return }
        guard let timeout = GoDuration.nanoseconds(text) else {
            throw Refusal(.badRequest, "timeout in the query is not a duration such as 3s")
        }
        guard Clock.monotonic - request.received < timeout else {
            throw Refusal(.serviceUnavailable, "the request took longer to arrive than its timeout allows")
        }
    }
}
