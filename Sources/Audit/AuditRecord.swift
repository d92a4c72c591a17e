import JSON
package import Kubernetes
package import Policy

/// A decision that says something, as it goes on record: who asked what of which object, and what came of it.
///
/// What it holds of the object are names and the verdict, whose texts repeat no credential.
package struct AuditRecord: Sendable {
    /// Nanoseconds since 1970, by the wall clock.
    package let time: Int
    /// `mutate` or `validate`.
    package let webhook: String
    /// The request's, given by the API server.
    package let uid: String
    package let operation: AdmissionReview.Operation
    package let group: String
    package let version: String
    package let kind: String
    package let namespace: String
    /// The name, or what one is yet to be made from.
    package let name: String
    /// The object's own, empty for one that is being created.
    package let objectUID: String
    package let user: String
    package let groups: [String]
    package let isDryRun: Bool
    package let verdict: Verdict
    package let policyHash: String
    /// How long the decision took, in nanoseconds.
    package let duration: Int

    package init(
        of review: AdmissionReview,
        by webhook: String,
        _ verdict: Verdict,
        policyHash: String,
        time: Int,
        duration: Int
    ) {
        self.time = time
        self.webhook = webhook
        uid = review.uid.string ?? ""
        operation = review.operation
        group = review.group
        version = review.version
        kind = review.kind
        namespace = review.namespace
        name = review.name
        objectUID = review.objectUID
        user = (try? review.userName) ?? ""
        groups = (try? review.userGroups) ?? []
        isDryRun = review.isDryRun
        self.verdict = verdict
        self.policyHash = policyHash
        self.duration = duration
    }
}
