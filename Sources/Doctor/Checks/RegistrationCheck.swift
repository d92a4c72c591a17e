import Cluster
import JSON
import Policy

/// Whether the API server asks patless about GitRepositories, and about the accounts that are to have an identity.
enum RegistrationCheck {
    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard let validating = patient.validating else {
            return [
                .fail(
                    "webhook",
                    "the API server asks nobody: there is no ValidatingWebhookConfiguration \(patient.name)",
                    mend:
                        "helm upgrade --install \(patient.name) charts/patless -n patless --create-namespace, or "
                        + "name the installation with --name"
                )
            ]
        }
        var diagnoses: [Diagnosis] = []
        let webhooks = validating["webhooks"].map { $0.elements.map(\.self) } ?? []
        if webhooks.contains(where: asksAboutRepositories) {
            let policies = webhooks.map { $0["failurePolicy"]?.string ?? "Fail" }
            let isOpen = policies.contains("Ignore")
            let detail =
                "the API server asks about every GitRepository (failurePolicy \(policies.joined(separator: ", ")))"
            diagnoses.append(
                isOpen
                    ? .warn(
                        "webhook",
                        "\(detail): while no replica answers, credentials get in",
                        mend:
                            patient.upgrade("--set webhooks.validate.failurePolicy=Fail")
                            + ", or apply `patless export vap` as a net"
                    ) : .ok("webhook", detail)
            )
        } else {
            diagnoses.append(
                .fail(
                    "webhook",
                    "ValidatingWebhookConfiguration \(patient.name) does not ask about GitRepositories in all versions",
                    mend: patient.upgrade("")
                )
            )
        }
        if let policy = patient.policy, !policy.identities.isEmpty, patient.mutating == nil {
            diagnoses.append(
                .fail(
                    "webhook",
                    "there is no MutatingWebhookConfiguration \(patient.name), so no account is given its identity",
                    mend: patient.upgrade("")
                )
            )
        }
        return diagnoses
    }

    private static func asksAboutRepositories(_ webhook: JSONValue) -> Bool {
        guard let rules = webhook["rules"] else { return false }
        return rules.elements.contains { rule in
            func has(_ key: String, _ values: [String]) -> Bool {
                guard let listed = rule[key] else { return false }
                return listed.elements.contains { value in values.contains { value.equals($0) } }
            }
            return has("apiGroups", ["source.toolkit.fluxcd.io", "*"]) && has("apiVersions", ["*"])
                && has("resources", ["gitrepositories", "*", "*/*"]) && has("operations", ["CREATE", "*"])
                && has("operations", ["UPDATE", "*"])
        }
    }
}
