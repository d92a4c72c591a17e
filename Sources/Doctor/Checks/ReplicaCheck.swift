import Cluster
import JSON

/// Whether there are replicas behind the Service to answer.
enum ReplicaCheck {
    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard let namespace = patient.namespace else { return [] }
        let addresses = try patient.readyAddresses(behind: patient.name, in: namespace)
        let pods = "kubectl -n \(namespace) get pods -l app.kubernetes.io/name=patless"
        switch addresses.count {
        case 0:
            return [
                .fail(
                    "replicas",
                    "no ready replica is behind the Service \(namespace)/\(patient.name)",
                    mend: "\(pods); kubectl -n \(namespace) logs deployment/\(patient.name)"
                )
            ]
        case 1:
            return [
                .warn(
                    "replicas",
                    "a single replica is ready: while it restarts nobody answers",
                    mend: "\(pods); \(patient.upgrade("--set replicas=2"))"
                )
            ]
        default: return [.ok("replicas", "\(addresses.count) replicas are ready")]
        }
    }
}
