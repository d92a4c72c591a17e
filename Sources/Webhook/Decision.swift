import JSON
import Kubernetes
import Policy

/// A decision that says something, as it is logged: who asked what, and what came of it.
struct Decision: Sendable {
    let webhook: WebhookKind
    let uid: String
    let operation: AdmissionReview.Operation
    let kind: String
    let namespace: String
    let name: String
    let user: String
    let isDryRun: Bool
    let verdict: Verdict
    let policyHash: String
    let nanoseconds: Int

    init(
        of review: AdmissionReview,
        by webhook: WebhookKind,
        _ verdict: Verdict,
        policyHash: String,
        nanoseconds: Int
    ) {
        self.webhook = webhook
        uid = review.uid.string ?? ""
        operation = review.operation
        kind = review.kind
        namespace = review.namespace
        name = review.name
        user = (try? review.userName) ?? ""
        isDryRun = review.isDryRun
        self.verdict = verdict
        self.policyHash = policyHash
        self.nanoseconds = nanoseconds
    }
}
