import Cluster
import JSON
import Kubernetes
import Policy

/// Whether each ServiceAccount has the annotations and the label of its identity.
enum AccountCheck {
    private static let prefix = "azure.workload.identity/"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        var diagnoses: [Diagnosis] = []
        for reference in patient.identities { diagnoses.append(try diagnose(reference, patient)) }
        if diagnoses.isEmpty {
            diagnoses.append(
                .warn(
                    "account",
                    "the policy has no identities, so patless gives none",
                    mend: "add them to policy.identities: patless azure steps"
                )
            )
        }
        return diagnoses
    }

    private static func diagnose(_ reference: IdentityReference, _ patient: Patient) throws(ClusterError)
        -> Diagnosis
    {
        let what = "ServiceAccount \(reference.namespace)/\(reference.serviceAccount)"
        let kubectl = "kubectl -n \(reference.namespace)"
        guard
            let object = try patient.server.find(
                .get(.serviceAccounts, reference.namespace, reference.serviceAccount)
            )
        else {
            return .fail("account", "there is no \(what)", mend: "flux install, or correct policy.identities")
        }
        let annotations = object["metadata"]?["annotations"]
        let clientID = annotations?[prefix + "client-id"]?.string ?? ""
        guard let identity = reference.identity else {
            if isID(clientID) { return .ok("account", "\(what) is \(clientID)") }
            return .fail(
                "account",
                "\(what) has no annotation \(prefix)client-id that is an id",
                mend:
                    "\(kubectl) annotate serviceaccount \(reference.serviceAccount) \(prefix)client-id=CLIENT_ID"
            )
        }
        var wanted = ["\(prefix)client-id=\(identity.clientID)"]
        if let tenant = identity.tenantID { wanted.append("\(prefix)tenant-id=\(tenant)") }
        wanted.append("\(prefix)use=true")
        let annotate =
            "\(kubectl) annotate --overwrite serviceaccount \(reference.serviceAccount) "
            + wanted.joined(separator: " ")
        guard
            let verdict = try? Evaluator(patient.policy ?? Policy()).judge(
                object: object,
                in: reference.namespace,
                at: patient.server.now
            )
        else {
            return .fail("account", "\(what) cannot be understood", mend: annotate)
        }
        if let judgement = verdict.judgements.first {
            let finding = judgement.finding
            let isConflict = finding.rule == .identityConflict
            let said = "\(what): \(finding.field) \(finding.message)"
            let isLoud = judgement.isDenied || judgement.isWarned
            return isLoud
                ? .fail("account", said, mend: isConflict ? annotate : finding.fix)
                : .warn("account", said, mend: isConflict ? annotate : finding.fix)
        }
        guard clientID.isEmpty || clientID.lowercased() == identity.clientID.lowercased() else {
            return .fail("account", "\(what) has another client-id than the policy", mend: annotate)
        }
        if !verdict.patch.isEmpty {
            return .fail(
                "account",
                "\(what) lacks annotations or the label of its identity; patless gives them within a minute once it runs",
                mend:
                    "\(annotate) && \(kubectl) label serviceaccount \(reference.serviceAccount) \(prefix)use=true"
            )
        }
        return .ok("account", "\(what) is \(identity.clientID)")
    }

    /// Whether it reads like an id of Entra; anything else might be a secret that somebody put in the wrong place.
    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.allSatisfy { ASCII.hexadecimal($0) != nil || $0 == UInt8(ascii: "-") }
    }
}
