import Cluster
import JSON

/// How many requests passed unasked since the API server started, by its own metrics.
package enum FailOpenCheck {
    private static let metric = "apiserver_admission_webhook_fail_open_count"

    static func diagnose(_ patient: Patient) throws(ClusterError) -> [Diagnosis] {
        guard patient.validating != nil || patient.mutating != nil else { return [] }
        let text = try patient.server.text(at: "/metrics")
        let count = count(in: text, of: patient.webhookNames)
        guard count > 0 else {
            return [.ok("failing open", "this API server has let nothing pass unasked since it started")]
        }
        let namespace = patient.namespace ?? "patless"
        return [
            .warn(
                "failing open",
                "this API server has let \(count) request\(count == 1 ? "" : "s") pass unasked since it started",
                mend:
                    "patless scan --cluster finds what got in; kubectl -n \(namespace) get events tells when replicas "
                    + "were away"
            )
        ]
    }

    /// The sum of the metric over these webhooks, in text as Prometheus reads it; API servers before 1.25 have none.
    package static func count(in text: String, of webhooks: [String]) -> Int {
        let sum = text.split(separator: "\n").reduce(0.0) { sum, line in
            guard line.hasPrefix("\(metric){"), webhooks.contains(where: { line.contains("name=\"\($0)\"") }),
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { return sum }
            return sum + value
        }
        return Int(sum)
    }
}
