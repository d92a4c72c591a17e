import Cluster
import JSON
import Kubernetes
import Policy
import TLS

/// The report of one namespace: what is found on its objects, and what was refused in it lately.
///
/// The same findings make the same text: nothing in it tells when it was written.
struct NamespaceReport: Sendable {
    let namespace: String
    var counts = ComplianceCounts()
    /// Sorted.
    var results: [Result] = []

    /// One line of a report.
    struct Result: Sendable {
        enum Outcome: String, Sendable {
            case fail, warn, skip
        }

        let apiVersion: String
        let kind: String
        let name: String
        let rule: String
        let outcome: Outcome
        let message: String
        let properties: [(String, String)]
    }

    /// The most results of a report; a report must stay far below what etcd takes for one object.
    static let most = 200
    static let mostRejections = 50
    static let name = "patless"

    /// Adds what is found on an object.
    mutating func add(_ shortfall: ComplianceTable.Shortfall, of apiVersion: String, _ kind: String) {
        for judgement in shortfall.judgements {
            let finding = judgement.finding
            var properties = [("field", finding.field), ("fix", finding.fix.cut(to: 512))]
            let outcome: Result.Outcome
            if let exemption = judgement.exemption {
                outcome = .skip
                properties += [
                    ("exemption", exemption.reason.cut(to: 256)), ("owner", exemption.owner),
                    ("expires", "\(exemption.expires)"),
                ]
            } else {
                outcome = judgement.isDenied ? .fail : .warn
            }
            results.append(
                Result(
                    apiVersion: apiVersion,
                    kind: kind,
                    name: shortfall.name,
                    rule: finding.rule.rawValue,
                    outcome: outcome,
                    message: finding.message.cut(to: 512),
                    properties: properties
                )
            )
        }
    }

    /// Adds what was refused; it is not in the cluster.
    mutating func add(_ rejection: RejectionTally.Entry) {
        results.append(
            Result(
                apiVersion: rejection.apiVersion,
                kind: rejection.kind,
                name: rejection.name,
                rule: rejection.rule,
                outcome: .fail,
                message: "was refused: \(rejection.message)",
                properties: [
                    ("refused", "\(rejection.count)"), ("lastRefused", Timestamp.text(rejection.last)),
                    ("lastUser", rejection.user),
                ]
            )
        )
    }

    /// The object as server-side apply takes it, and the digest of what it says.
    func object(as resource: Resource, by installation: String) -> (text: [UInt8], digest: String) {
        let digest = Digest.sha256(text(as: resource, installation, digest: ""))
        return (text(as: resource, installation, digest: digest), digest)
    }

    static let digestKey = "patless.dev/digest"
    static let managedBy = "app.kubernetes.io/managed-by"

    private func text(as resource: Resource, _ installation: String, digest: String) -> [UInt8] {
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("apiVersion", resource.apiVersion)
                json.member("kind", resource.kind)
                json.key("metadata")
                json.object { json in
                    json.member("name", Self.name)
                    json.member("namespace", namespace)
                    json.key("labels")
                    json.object { $0.member(Self.managedBy, installation) }
                    json.key("annotations")
                    json.object { json in
                        json.member(Self.digestKey, digest)
                        json.member("patless.dev/omitted", String(max(results.count - Self.most, 0)))
                    }
                }
                if resource.group == "openreports.io" { json.member("source", "patless") }
                json.key("summary")
                json.object { json in
                    json.member("pass", counts.compliant)
                    for outcome in [Result.Outcome.fail, .warn, .skip] {
                        json.member(outcome.rawValue, results.count { $0.outcome == outcome })
                    }
                    json.member("error", 0)
                }
                json.key("results")
                json.array { json in
                    for result in results.prefix(Self.most) { write(result, &json) }
                }
            }
        }
        return text
    }

    private func write(_ result: Result, _ json: inout JSONWriter) {
        json.object { json in
            json.member("policy", "patless")
            json.member("rule", result.rule)
            json.member("category", "static credentials")
            json.member(
                "severity",
                result.outcome == .fail ? "high" : result.outcome == .warn ? "medium" : "info"
            )
            json.member("result", result.outcome.rawValue)
            json.member("source", "patless")
            json.member("message", result.message)
            json.key("properties")
            json.object { json in
                for (key, value) in result.properties { json.member(key, value) }
            }
            json.key("resources")
            json.array { json in
                json.object { json in
                    json.member("apiVersion", result.apiVersion)
                    json.member("kind", result.kind)
                    json.member("namespace", namespace)
                    json.member("name", result.name)
                }
            }
        }
    }
}

extension NamespaceReport {
    /// The reports of all namespaces that have something to report, sorted.
    static func all(of kinds: [ClusterScan.Kind], _ rejections: [RejectionTally.Entry]) -> [NamespaceReport] {
        var counts: [String: ComplianceCounts] = [:]
        var reports: [String: NamespaceReport] = [:]
        for kind in kinds {
            kind.table.count(into: &counts)
            for (namespace, shortfalls) in kind.table.sorted {
                for shortfall in shortfalls {
                    reports[namespace, default: NamespaceReport(namespace: namespace)]
                        .add(shortfall, of: kind.apiVersion ?? "", kind.target.kind)
                }
            }
        }
        let byPlace = Dictionary(grouping: rejections.filter { !$0.namespace.isEmpty }, by: \.namespace)
        for (namespace, entries) in byPlace {
            let newest = entries.sorted {
                ($1.last, $0.kind, $0.name, $0.rule) < ($0.last, $1.kind, $1.name, $1.rule)
            }
            for entry in newest.prefix(mostRejections) {
                reports[namespace, default: NamespaceReport(namespace: namespace)].add(entry)
            }
        }
        return reports.values.map { report in
            var report = report
            report.counts = counts[report.namespace] ?? ComplianceCounts()
            return report
        }.sorted { $0.namespace < $1.namespace }
    }
}
