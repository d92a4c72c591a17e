/// What is allowed, what is refused, and for whom: the content of a policy file, checked.
package struct Policy: Sendable, Equatable {
    /// The workload identities that patless hands out, one for each controller.
    package var identities: [Identity] = []
    /// How each rule is enforced; a rule that is not here has its default mode.
    package var rules: [RuleName: Enforcement] = [:]
    /// What becomes of an update whose findings were all there before it.
    package var existing: ExistingViolations = .warn
    /// Hosts that may receive the Entra token of the cluster.
    ///
    /// Lower-case ASCII; exact, or `*.` and a suffix.
    package var azureDevOpsHosts: [String] = ["dev.azure.com", "*.visualstudio.com"]
    /// Secrets that hold a certificate authority and no credential.
    package var certificateAuthoritySecrets: [ObjectReference] = []
    /// Who may break which rule, why, and until when.
    package var exemptions: [Exemption] = []
    /// What the Azure side is called, for `patless azure`; nothing is decided by it.
    package var azure = AzureNames()

    package init() {}

    /// How `rule` is enforced.
    package func enforcement(of rule: RuleName) -> Enforcement {
        rules[rule] ?? Enforcement(mode: rule.defaultMode)
    }
}

/// What a finding leads to.
package enum Mode: String, CaseIterable, Sendable {
    /// The request is refused.
    case deny
    /// The request is allowed, and the person at the terminal is told.
    case warn
    /// The request is allowed, and the finding is recorded.
    case audit
    /// The rule does not run.
    case off
}

/// The mode of a rule, and the day from which `deny` denies.
package struct Enforcement: Sendable, Equatable {
    package var mode: Mode
    /// Before this day, `deny` only warns and says from when it will deny.
    package var enforceFrom: Day?

    package init(mode: Mode, enforceFrom: Day? = nil) {
        self.mode = mode
        self.enforceFrom = enforceFrom
    }

    /// The day from which `deny` denies, as long as that is yet to come.
    package func postponement(at now: Int) -> Day? {
        enforceFrom.flatMap { mode == .deny && now < $0.start ? $0 : nil }
    }
}

/// What becomes of an update whose findings were all there before it.
package enum ExistingViolations: String, CaseIterable, Sendable {
    case warn
    case deny
}

/// A namespaced object, by name.
package struct ObjectReference: Sendable, Hashable {
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}
