import Cluster
import JSON
import Kubernetes
import Policy

/// Whether a GitRepository with a static credential is refused: asked of the API server itself, by a dry run.
///
/// It is the only check that takes the whole way: Service, network, certificate, decision.
enum EnforcementCheck {
    private static let namespace = "default"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard let resource = try patient.server.resource("gitrepositories", in: GitRepository.group) else {
            return [
                .fail(
                    "enforcement",
                    "the cluster has no GitRepositories: Flux is not installed",
                    mend:
                        "flux install, or: az k8s-extension create --extension-type microsoft.flux (`patless azure template`)"
                )
            ]
        }
        let object = sample(resource.apiVersion)
        do throws(ClusterError) {
            _ = try patient.server.send(.dryRun(resource, namespace, object), retrying: false)
        } catch {
            return try refused(error, patient)
        }
        return [passed(object, patient)]
    }

    private static func refused(_ error: ClusterError, _ patient: Patient) throws(ClusterError) -> [Diagnosis]
    {
        let said = error.description
        let isOurs = patient.webhookNames.contains { said.contains("webhook \"\($0)\"") }
        if isOurs, said.contains("failed calling webhook") {
            return [
                .fail(
                    "enforcement",
                    "the API server cannot call patless: \(said)",
                    mend: mend(said, patient)
                )
            ]
        }
        if isOurs, said.contains("denied the request") {
            return [.ok("enforcement", "a GitRepository with a static credential is refused (dry run)")]
        }
        // Admission policies are asked before webhooks.
        guard said.contains("ValidatingAdmissionPolicy '\(patient.name)-") else { throw error }
        return [
            .warn(
                "enforcement",
                "a GitRepository with a static credential is refused by the exported policy (dry run), before the webhook "
                    + "is asked: whether that answers was not seen",
                mend:
                    "helm test \(patient.name) -n \(patient.namespace ?? "patless") --logs calls the webhook"
            )
        ]
    }

    /// It got in: as the policy wants it, or because nobody was asked.
    private static func passed(_ object: [UInt8], _ patient: Patient) -> Diagnosis {
        guard let policy = patient.policy, let document = try? JSONDocument(object),
            let verdict = try? Evaluator(policy).judge(
                object: document.root,
                in: namespace,
                at: patient.server.now
            )
        else {
            return .warn(
                "enforcement",
                "a GitRepository with a static credential gets in (dry run); the policy could not be read to say why",
                mend: "patless doctor --config policy.yaml"
            )
        }
        if verdict.isAllowed {
            return .warn(
                "enforcement",
                "a GitRepository with a static credential gets in, for the policy only warns or exempts it",
                mend:
                    "set rules.secret-ref.mode: deny in the policy when its users are ready (patless scan --cluster)"
            )
        }
        let namespace = patient.namespace ?? "patless"
        return .fail(
            "enforcement",
            "a GitRepository with a static credential gets in, though the policy denies it: the API server does not ask, "
                + "or lets pass what nobody answers (failurePolicy Ignore)",
            mend: "kubectl -n \(namespace) logs deployment/\(patient.name); kubectl get "
                + "validatingwebhookconfiguration \(patient.name) -o yaml"
        )
    }

    /// What an API server's words come down to.
    private static func mend(_ said: String, _ patient: Patient) -> String {
        let namespace = patient.namespace ?? "patless"
        if said.contains("x509") {
            return "the caBundle does not fit the certificate that is served: kubectl -n \(namespace) logs "
                + "deployment/\(patient.name); with a certificate of your own, helm upgrade with both of one authority"
        }
        if said.contains("no endpoints") || said.contains("connection refused") {
            return "kubectl -n \(namespace) get pods -l app.kubernetes.io/name=patless"
        }
        return
            "look at what is between the API server and the pods: NetworkPolicies, the konnectivity agents (kubectl -n "
            + "kube-system get pods), and kubectl -n \(namespace) get pods"
    }

    private static func sample(_ apiVersion: String) -> [UInt8] {
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("apiVersion", apiVersion)
                json.member("kind", GitRepository.kind)
                json.key("metadata")
                json.object { json in
                    json.member("name", "patless-doctor")
                    json.member("namespace", namespace)
                }
                json.key("spec")
                json.object { json in
                    json.member("interval", "1h")
                    json.member("url", "https://dev.azure.com/organisation/project/_git/repository")
                    json.key("secretRef")
                    json.object { $0.member("name", "patless-doctor") }
                }
            }
        }
        return text
    }
}
