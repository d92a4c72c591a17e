/// What a policy makes of findings: who is denied, who is warned, and who is let off.
struct Enforcer: Sendable {
    private let enforcement: [RuleName: Enforcement]
    private let existing: ExistingViolations
    private let exemptions: [Scope]

    /// An exemption with its globs ready to match.
    private struct Scope {
        let exemption: Exemption
        let namespaces: [Glob]
        let names: [Glob]
    }

    init(_ policy: Policy) {
        enforcement = Dictionary(
            uniqueKeysWithValues: RuleName.allCases.map { ($0, policy.enforcement(of: $0)) }
        )
        existing = policy.existing
        exemptions = policy.exemptions.map { exemption in
            Scope(
                exemption: exemption,
                namespaces: exemption.namespaces.map(Glob.init),
                names: exemption.names.map(Glob.init)
            )
        }
    }

    /// What each finding on `target` leads to.
    ///
    /// `old` gives what was found on the object before; it is asked only when something would be denied. Rules in
    /// `strict` deny, whatever their mode is, unless that is `off`.
    func judgements(
        of findings: [Finding],
        on target: Target,
        strict: Set<RuleName> = [],
        at now: Int,
        before old: () -> [Finding]
    ) -> [Judgement] {
        var judgements = findings.compactMap { finding in
            disposition(of: finding.rule, on: target, isStrict: strict.contains(finding.rule), at: now)
                .map { Judgement(finding: finding, disposition: $0) }
        }
        guard existing == .warn, judgements.contains(where: \.isDenied) else { return judgements }
        let old = old()
        let isAllOld = judgements.allSatisfy { judgement in
            !judgement.isDenied || old.contains(where: judgement.finding.isCovered)
        }
        guard isAllOld else { return judgements }
        for index in judgements.indices where judgements[index].isDenied {
            judgements[index].disposition = .warned(.existing)
        }
        return judgements
    }

    /// What a finding leads to when nothing is known of the object before; nil when the rule is off.
    private func disposition(
        of rule: RuleName,
        on target: Target,
        isStrict: Bool,
        at now: Int
    ) -> Judgement.Disposition? {
        guard let enforcement = enforcement[rule], enforcement.mode != .off else { return nil }
        if let exemption = exemption(from: rule, for: target, at: now) { return .exempted(exemption) }
        switch isStrict ? .deny : enforcement.mode {
        case .deny:
            guard let day = enforcement.postponement(at: now) else { return .denied }
            return .warned(.until(day))
        case .warn: return .warned(.mode)
        case .audit: return .audited
        case .off: return nil
        }
    }

    private func exemption(from rule: RuleName, for target: Target, at now: Int) -> Exemption? {
        exemptions.first { scope in
            scope.exemption.rules.contains(rule)
                && scope.exemption.holds(at: now)
                && scope.namespaces.contains { $0.matches(target.namespace) }
                && scope.names.contains(where: target.isNamed)
        }?.exemption
    }
}
