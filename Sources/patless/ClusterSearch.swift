import Cluster
import JSON
import Kubernetes
import Policy
import Scan

/// Judges the objects that a cluster has now: those of Flux, and what the policy's identities name.
struct ClusterSearch {
    private let server: APIServer
    private let evaluator: Evaluator

    init(_ server: APIServer, _ evaluator: Evaluator) {
        self.server = server
        self.evaluator = evaluator
    }

    /// What is found.
    ///
    /// A kind that the cluster does not have has no objects; one that we may not list is noted.
    func report() throws(ClusterError) -> ScanReport {
        var scanner = Scanner(evaluator, Kustomizations(), at: server.now)
        var bar = ProgressBar("Objects judged:")
        let kinds =
            [(GitRepository.group, GitRepository.kind, "gitrepositories")]
            + FluxKind.all.map { ($0.group, $0.kind, $0.plural) }
        for (group, kind, plural) in kinds {
            try attempt(plural, &scanner) { (scanner) throws(ClusterError) in
                guard let resource = try server.resource(plural, in: group) else { return }
                try server.forEach(resource) { object in
                    scanner.scan(object, kind, of: group)
                    bar.advance()
                }
            }
        }
        for identity in evaluator.policy.identities {
            let place = identity.namespace
            try look(.serviceAccounts, place, identity.serviceAccount, ServiceAccount.group, &scanner)
            guard let deployment = identity.deployment else { continue }
            try look(.deployments, place, deployment, Deployment.group, &scanner)
        }
        bar.finish()
        return scanner.report()
    }

    private func look(
        _ resource: Resource,
        _ namespace: String,
        _ name: String,
        _ group: String,
        _ scanner: inout Scanner
    ) throws(ClusterError) {
        try attempt("\(resource.kind) \(namespace)/\(name)", &scanner) { (scanner) throws(ClusterError) in
            guard let object = try server.find(.get(resource, namespace, name)) else { return }
            scanner.scan(object, resource.kind, of: group)
        }
    }

    private func attempt(
        _ what: String,
        _ scanner: inout Scanner,
        _ body: (inout Scanner) throws(ClusterError) -> Void
    ) throws(ClusterError) {
        do throws(ClusterError) {
            try body(&scanner)
        } catch {
            // Without any answer, the next question has none either.
            guard error.status != nil else { throw error }
            scanner.note(ScanNote(what, "cannot be read: \(error)", isFailure: true))
        }
    }
}
