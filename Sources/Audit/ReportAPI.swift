import Cluster

/// How the cluster wants reports: by openreports.io, or by wgpolicyk8s.io before it.
enum ReportAPI {
    private static let candidates = [
        Resource("openreports.io", "v1alpha1", "reports", kind: "Report"),
        Resource("wgpolicyk8s.io", "v1alpha2", "policyreports", kind: "PolicyReport"),
    ]

    /// The first kind of report that the cluster has; nil for none.
    static func resource(of server: APIServer) throws(ClusterError) -> Resource? {
        for candidate in candidates {
            let found = try server.resource(candidate.plural, in: candidate.group, version: candidate.version)
            if found != nil { return candidate }
        }
        return nil
    }
}
