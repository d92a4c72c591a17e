import Cluster
import HTTP
import JSON
import Kubernetes
import Policy

/// One identity being brought to its ServiceAccount, its Deployment and its pods.
struct IdentityFitting {
    private let backfill: Backfill
    private let server: APIServer
    private let identity: Identity
    private let evaluator: Evaluator

    init(_ backfill: Backfill, _ server: APIServer, _ identity: Identity, _ evaluator: Evaluator) {
        self.backfill = backfill
        self.server = server
        self.identity = identity
        self.evaluator = evaluator
    }

    /// Applies what is missing; what has become of the identity then.
    func fit(restarts: Bool) throws -> Backfill.State {
        // The ServiceAccount first: pods take what it says when they are created.
        let account = try apply(.serviceAccounts, ServiceAccount.kind, identity.serviceAccount)
        guard account != nil else { return .missing("there is no ServiceAccount \(identity.serviceAccount)") }
        guard let name = identity.deployment else { return .ready }
        guard let deployment = try apply(.deployments, Deployment.kind, name) else {
            return .missing("there is no Deployment \(name)")
        }
        let pods = try pods(of: deployment)
        let absences = try pods.compactMap { try IdentityAbsence(of: identity, in: $0) }
        guard let absence = absences.first else { return .ready }
        let command = "kubectl -n \(identity.namespace) rollout restart deployment/\(name)"
        let what = "\(absences.count) of \(pods.count) pods of \(name) have no identity: one \(absence.text)."
        guard restarts, try restart(deployment, name) else {
            return .missing("\(what) To create them anew: \(command)")
        }
        return .missing("\(what) The Deployment is being restarted, once.")
    }

    /// Applies what an object lacks; the object as it is then, nil when there is none.
    private func apply(_ resource: Resource, _ kind: String, _ name: String) throws -> JSONValue? {
        let object: JSONValue
        do throws(ClusterError) {
            object = try server.send(.get(resource, identity.namespace, name)).root
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
        let verdict = try evaluator.judge(object, kind, in: identity.namespace, at: server.now)
        guard !verdict.patch.isEmpty else { return object }
        return try send(FieldSet(verdict.patch), to: object, resource, kind, name)
    }

    private func send(
        _ wanted: FieldSet,
        to object: JSONValue,
        _ resource: Resource,
        _ kind: String,
        _ name: String
    ) throws(ClusterError) -> JSONValue {
        var fields = wanted
        fields.keep(of: object, appliedBy: Backfill.manager)
        // An object of another uid is another object, which must not be made by applying to it.
        fields.add(["metadata", "name"], .string(name))
        fields.add(["metadata", "uid"], .string(object["metadata"]?["uid"]?.string ?? ""))
        var body: [UInt8] = []
        body.writeJSON { json in
            json.object { json in
                json.member("apiVersion", resource.apiVersion)
                json.member("kind", kind)
                fields.write(into: &json)
            }
        }
        let request = APIRequest.apply(
            resource,
            identity.namespace,
            name,
            body,
            manager: Backfill.manager,
            force: fields.replaces
        )
        do throws(ClusterError) {
            let answer = try server.send(request).root
            backfill.count(kind, isApplied: true)
            return answer
        } catch {
            backfill.count(kind, isApplied: false)
            throw error
        }
    }

    /// The pods that the Deployment selects, and that go on.
    private func pods(of deployment: JSONValue) throws -> [Pod] {
        let labels = deployment["spec"]?["selector"]?["matchLabels"]?.members.map(\.self) ?? []
        // Without labels it would be all pods of the namespace.
        guard !labels.isEmpty else { return [] }
        let selector = labels.map { "\($0.key.string ?? "")=\($0.value.string ?? "")" }.joined(separator: ",")
        var pods: [Pod] = []
        var next: String?
        repeat {
            let page = try server.send(.list(.pods, identity.namespace, labels: selector, continuing: next))
                .root
            for object in page["items"]?.elements.map(\.self) ?? [] {
                pods.append(try Pod(object))
            }
            next = page["metadata"]?["continue"]?.string
        } while next?.isEmpty == false
        return pods.filter(\.isLive)
    }

    /// Restarts the Deployment, unless it was for this identity; whether it is being restarted.
    private func restart(_ deployment: JSONValue, _ name: String) throws(ClusterError) -> Bool {
        let marks = deployment["spec"]?["template"]?["metadata"]?["annotations"]
        guard marks?[Backfill.restartedFor]?.equals(identity.clientID) != true else { return false }
        var mark = FieldSet(JSONPatch())
        mark.add(
            ["spec", "template", "metadata", "annotations", Backfill.restartedFor],
            .string(identity.clientID)
        )
        _ = try send(mark, to: deployment, .deployments, Deployment.kind, name)
        return true
    }
}
