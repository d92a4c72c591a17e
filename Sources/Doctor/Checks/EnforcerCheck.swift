import Cluster
import JSON

/// Whether AKS' Admissions Enforcer rewrites the webhook configurations (Azure/AKS#1771, #4002).
enum EnforcerCheck {
    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        let configurations = [patient.validating, patient.mutating].compactMap(\.self)
        let rewritten = configurations.filter { configuration in
            guard let entries = configuration["metadata"]?["managedFields"] else { return false }
            return entries.elements.contains { $0["manager"]?.equals("admissionsenforcer") == true }
        }
        guard let first = rewritten.first else { return [] }
        let isDisabled = ["labels", "annotations"].contains { map in
            first["metadata"]?[map]?["admissions.enforcer/disabled"]?.equals("true") == true
        }
        let what = rewritten.compactMap { $0["kind"]?.string }.joined(separator: " and ")
        guard isDisabled else {
            return [
                .warn(
                    "enforcer",
                    "AKS' Admissions Enforcer has rewritten the \(what): system namespaces are not asked about, and helm "
                        + "upgrade may meet a conflict",
                    mend: patient.upgrade("--set webhooks.aksAdmissionsEnforcer=disable")
                )
            ]
        }
        return [.ok("enforcer", "AKS' Admissions Enforcer is told to leave the webhook configurations alone")]
    }
}
