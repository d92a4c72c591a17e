import Cluster
package import JSON

/// A decision as it is read back from a trail.
package struct AuditEntry: Sendable {
    /// The second since 1970.
    package let time: Int
    /// As it is written.
    package let timeText: String
    package let instance: String
    package let operation: String
    package let kind: String
    package let namespace: String
    package let name: String
    package let user: String
    package let decision: String
    package let isDryRun: Bool
    /// The rules of its findings.
    package let rules: [String]
    /// What was found, the first finding of all.
    package let message: String
    /// The whole of it.
    package let root: JSONValue

    /// Nil for what is no decision.
    package init?(_ line: TrailReader.Line) {
        let root = line.head.root
        guard root["type"]?.equals("decision") == true else { return nil }
        self.root = root
        time = line.head.time
        instance = line.head.instance
        func text(_ key: String) -> String { root[key]?.string ?? "" }
        timeText = text("time")
        operation = text("operation")
        kind = text("kind")
        namespace = text("namespace")
        name = text("name")
        user = text("user")
        decision = text("decision")
        isDryRun = root["dryRun"]?.boolean ?? false
        let findings = root["findings"]?.elements.map(\.self) ?? []
        rules = findings.compactMap { $0["rule"]?.string }
        message = findings.first?["message"]?.string ?? ""
    }
}

/// Which decisions are asked for; nil asks for any.
package struct AuditFilter: Sendable {
    /// Seconds since 1970: from this one on.
    package var since: Int?
    /// Seconds since 1970: before this one.
    package var until: Int?
    package var namespace: String?
    package var user: String?
    package var rule: String?
    package var decision: String?

    package init() {}

    package func admits(_ entry: AuditEntry) -> Bool {
        func isSame(_ wanted: String?, _ value: String) -> Bool {
            wanted.map { $0.utf8.elementsEqual(value.utf8) } ?? true
        }
        return entry.time >= since ?? .min && entry.time < until ?? .max
            && isSame(namespace, entry.namespace) && isSame(user, entry.user)
            && isSame(decision, entry.decision) && (rule.map(entry.rules.contains) ?? true)
    }
}
