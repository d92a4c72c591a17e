import Kubernetes
package import Policy

/// The policy as ValidatingAdmissionPolicies: a net under the webhook that holds when no replica answers.
///
/// They refuse nothing that the webhook lets pass; what they let pass beyond it is said in the comment that they begin with.
package struct AdmissionPolicies {
    private let policy: Policy
    private let release: Release
    private let today: Day
    private let hasOtherKinds: Bool

    /// `hasOtherKinds` says whether Flux' other objects are looked at, too.
    package init(_ policy: Policy, _ release: Release, on today: Day, hasOtherKinds: Bool) {
        self.policy = policy
        self.release = release
        self.today = today
        self.hasOtherKinds = hasOtherKinds
    }

    /// All of them in YAML, with their bindings.
    package var yaml: String {
        let policies = [Mode.deny, .warn, .audit].compactMap { mode in
            let rules = RuleExpressions.all.rules.filter { rule in
                self.mode(of: rule.name) == mode && (hasOtherKinds || !rule.isOfOtherKinds)
            }
            return rules.isEmpty ? nil : yaml(mode, rules)
        }
        return comment + policies.joined()
    }

    /// What the rule leads to today.
    private func mode(of rule: RuleName) -> Mode {
        let enforcement = policy.enforcement(of: rule)
        return enforcement.postponement(at: today.start) == nil ? enforcement.mode : .warn
    }

    private func yaml(_ mode: Mode, _ rules: [RuleExpressions.Rule]) -> String {
        let name = "\(release.name)-\(mode.rawValue)"
        var text = """
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata:
              name: \(name)
            spec:
              failurePolicy: Fail
              matchConstraints:
                matchPolicy: Equivalent
                namespaceSelector:
                  matchExpressions:
            \(release.excludedNamespaces)
                resourceRules:
            \(resourceRules)
              matchConditions:
                - name: is-not-being-deleted
                  expression: request.operation != 'UPDATE' || !has(oldObject.metadata.deletionTimestamp)
              variables:

            """
        let decided = [
            ("trusted", CEL.trusted(policy)), ("authorities", CEL.authorities(policy)),
            ("name", "has(object.metadata.name) ? object.metadata.name : ''"),
        ]
        for (name, expression) in decided + RuleExpressions.all.variables.map({ ($0.name, $0.expression) }) {
            text += "    - name: \(name)\n      expression: \(Text.quoted(expression))\n"
        }
        text += "  validations:\n"
        for rule in rules {
            text +=
                "    - expression: \(Text.quoted(allowed(rule)))\n      message: \(Text.quoted(rule.message))\n"
        }
        let action = mode.rawValue.prefix(1).uppercased() + mode.rawValue.dropFirst()
        return text + """
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata:
              name: \(name)
            spec:
              policyName: \(name)
              validationActions: [\(action)]

            """
    }

    /// True of an object that the rule has nothing against, or that may break it.
    private func allowed(_ rule: RuleExpressions.Rule) -> String {
        var parts = ["!(\(rule.broken))"]
        parts += policy.exemptions.filter { $0.rules.contains(rule.name) && $0.holds(at: today.start) }.map(
            CEL.exempt
        )
        if policy.existing == .warn { parts.append("(\(rule.existing))") }
        return parts.joined(separator: " || ")
    }

    private var resourceRules: String {
        let repositories = [(GitRepository.group, ["gitrepositories"])]
        let others =
            hasOtherKinds
            ? Dictionary(grouping: FluxKind.all, by: \.group).map {
                ($0.key, $0.value.map(\.plural).sorted())
            } : []
        return (repositories + others.sorted { $0.0 < $1.0 }).map { group, resources in
            """
                  - apiGroups: [\(group)]
                    apiVersions: ["*"]
                    operations: [CREATE, UPDATE]
                    resources: [\(resources.joined(separator: ", "))]
                    scope: Namespaced
            """
        }.joined(separator: "\n")
    }

    private var comment: String {
        var limits = [
            "a URL that Go and the rules read differently, or whose credential is percent-encoded, passes here",
            "an update that leaves what was there before as it was passes without the warning that the webhook gives",
            "messages do not name the https form of the URL; nothing goes on the audit trail, into Events and counters",
        ]
        let held = policy.exemptions.filter { $0.holds(at: today.start) }
        if let first = held.map(\.expires).min(by: { $0.number < $1.number }) {
            limits.insert(
                "CEL has no clock: exemptions are those of \(today); the next one ends on \(first): export again after it",
                at: 0
            )
        }
        let postponed = policy.rules.values.compactMap { $0.postponement(at: today.start) }
        if let first = postponed.min(by: { $0.number < $1.number }) {
            limits.insert(
                "rules with enforceFrom only warn here for good; the next one denies from \(first) on: export again then",
                at: 0
            )
        }
        if !hasOtherKinds { limits.append("Flux' other kinds are not looked at (--other-kinds)") }
        return """
            # The policy of \(today) as ValidatingAdmissionPolicies (Kubernetes 1.30 and later), made by patless.
            #
            # They refuse nothing that the webhook lets pass, and hold when no replica answers. What CEL cannot say:
            \(limits.map { "# - \($0)\n" }.joined())#

            """
    }
}
