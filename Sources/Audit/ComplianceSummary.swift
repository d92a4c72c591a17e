package import Policy

/// How many of the objects that are in the cluster comply with the policy, as a scan found them.
package struct ComplianceSummary: Sendable, Equatable {
    /// Objects of one namespace that break one rule.
    package struct Shortfall: Sendable, Equatable {
        package let rule: RuleName
        package let namespace: String
        package let objects: Int

        package init(rule: RuleName, namespace: String, objects: Int) {
            self.rule = rule
            self.namespace = namespace
            self.objects = objects
        }
    }

    /// When the scan ended, in seconds since 1970.
    package let time: Int
    package let objects: Int
    package let compliant: Int
    /// The most objects first.
    package let shortfalls: [Shortfall]

    package init(time: Int, objects: Int, compliant: Int, shortfalls: [Shortfall]) {
        self.time = time
        self.objects = objects
        self.compliant = compliant
        self.shortfalls = shortfalls
    }
}
