import Cluster
import JSON
import TLS

/// Whether the webhook configurations have an authority that is good still: whom the API server trusts to be patless.
enum TrustCheck {
    private static let day = 86_400

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        let configurations = [patient.validating, patient.mutating].compactMap(\.self)
        return configurations.compactMap { configuration -> Diagnosis? in
            let what = configuration["kind"]?.string ?? "the webhook configuration"
            let texts =
                configuration["webhooks"].map {
                    $0.elements.map { $0["clientConfig"]?["caBundle"]?.string ?? "" }
                }
                ?? []
            let bundles = texts.map { CertificateBundle(readable: Base64.decode($0.utf8) ?? []) }
            let now = patient.server.now
            let good = bundles.map { $0.unexpired(at: now) }
            guard let first = good.min(by: { $0.expires < $1.expires }) else { return nil }
            if bundles.contains(where: \.isEmpty) {
                return .fail(
                    "trust",
                    "\(what) \(patient.name) has no caBundle that can be read, so the API server trusts nobody",
                    mend: mend(patient)
                )
            }
            let left = first.expires - now
            if good.contains(where: \.isEmpty) {
                return .fail(
                    "trust",
                    "every authority of \(what) \(patient.name) has expired",
                    mend: mend(patient)
                )
            }
            if left < 7 * day, left < day || !isManaged(patient) {
                return .warn(
                    "trust",
                    "the authority of \(what) \(patient.name) is good for \(left / day) more days only",
                    mend: mend(patient)
                )
            }
            return .ok("trust", "\(what) \(patient.name) trusts an authority for \(left / day) more days")
        }
    }

    /// Whether patless renews it by itself: then it is renewed long before its end.
    private static func isManaged(_ patient: Patient) -> Bool {
        let annotations = patient.validating?["metadata"]?["annotations"]
        return annotations?["cert-manager.io/inject-ca-from"] == nil
    }

    private static func mend(_ patient: Patient) -> String {
        let namespace = patient.namespace ?? "patless"
        return isManaged(patient)
            ? "kubectl -n \(namespace) logs deployment/\(patient.name) says why its replicas do not write it; with a "
                + "certificate of your own: "
                + patient.upgrade("--set-file certificates.provided.caBundle=ca.crt")
            : "kubectl -n \(namespace) describe certificate,certificaterequest; kubectl -n cert-manager logs deployment/"
                + "cert-manager-cainjector"
    }
}
