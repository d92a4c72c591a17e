package import JSON
package import Kubernetes

extension Evaluator {
    /// What the policy makes of an object that says itself what it is: one of a cluster's list, or of a manifest.
    ///
    /// `namespace` is where it is, if not empty. There is nothing to say about a kind that no rule looks at.
    package func judge(
        object: JSONValue,
        in namespace: String = "",
        at now: Int
    ) throws(ReviewError) -> Verdict {
        let version = try object.text("apiVersion", "apiVersion")?.string ?? ""
        let kind = try object.text("kind", "kind")?.string ?? ""
        let group = version.lastIndex(of: "/").map { String(version[..<$0]) } ?? ""
        switch (group, kind) {
        case (GitRepository.group, GitRepository.kind):
            return judge(try GitRepository(object), in: namespace, at: now)
        case (ServiceAccount.group, ServiceAccount.kind), (Deployment.group, Deployment.kind):
            return try judge(object, kind, in: namespace, at: now)
        default:
            return .nothing
        }
    }
}
