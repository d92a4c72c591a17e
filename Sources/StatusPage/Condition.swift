import Policy

/// The state of things in one sentence, and what somebody has to look at.
struct Condition {
    enum Level: Int, Comparable {
        case good
        case doubtful
        case bad

        static func < (left: Level, right: Level) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    struct Remark: Equatable {
        let level: Level
        let text: String
    }

    let headline: String
    let remarks: [Remark]

    var level: Level {
        remarks.map(\.level).max() ?? .good
    }

    /// Fewer days than that are few.
    static let fewDays = 14

    init(_ overview: Overview) {
        let rules = Self.rules(overview)
        let carriage = Self.carriage(overview)
        remarks = (carriage + rules + Self.upkeep(overview)).sorted { $0.level > $1.level }
        if carriage.contains(where: { $0.level == .bad }) {
            headline = "Not enforcing here: the API server cannot count on this replica"
        } else if rules.contains(where: { $0.level == .bad }) {
            headline = "Not enforcing: static Git credentials get in"
        } else if !rules.isEmpty {
            headline = "Enforcing in part: some static Git credentials get in"
        } else if overview.policy.exemptions.contains(where: { $0.holds(at: overview.now) }) {
            headline = "Enforcing: no static Git credential gets in without an exemption"
        } else {
            headline = "Enforcing: no static Git credential gets in"
        }
    }

    /// Whether requests come here and are answered.
    private static func carriage(_ overview: Overview) -> [Remark] {
        var remarks: [Remark] = []
        if !overview.isServing {
            remarks.append(Remark(level: .bad, text: "This replica is draining: it was told to end."))
        }
        let certificate = overview.certificate
        if certificate.expires <= overview.now {
            remarks.append(Remark(level: .bad, text: "The serving certificate has expired."))
        }
        for problem in certificate.problems ?? [] {
            remarks.append(Remark(level: .bad, text: "The API server cannot call this replica: \(problem)."))
        }
        return remarks
    }

    /// Whether the rules that find static credentials deny today; the others only advise.
    private static func rules(_ overview: Overview) -> [Remark] {
        let essential = RuleName.ofAdmission.filter { $0.defaultMode == .deny }
        let lenient = essential.compactMap { rule in
            leniency(overview.policy.enforcement(of: rule), at: overview.now).map { (rule, $0) }
        }
        return lenient.map { rule, what in
            Remark(
                level: lenient.count < essential.count ? .doubtful : .bad,
                text: "The rule \(rule.rawValue) \(what)."
            )
        }
    }

    /// What a rule does instead of denying; nil when it denies.
    private static func leniency(_ enforcement: Enforcement, at now: Int) -> String? {
        switch enforcement.mode {
        case .deny: enforcement.postponement(at: now).map { "only warns until \($0), when it begins to deny" }
        case .warn: "only warns"
        case .audit: "only records"
        case .off: "is off"
        }
    }

    /// What will be a trouble if nobody looks after it.
    private static func upkeep(_ overview: Overview) -> [Remark] {
        var texts: [String] = []
        if let failure = overview.policyFailure {
            texts.append("The changed policy is not used, the one before stays in force: \(failure)")
        }
        if let failure = overview.certificate.failure {
            texts.append("The certificate cannot be renewed, the one before is served: \(failure)")
        }
        if overview.unrecorded > 0 {
            texts.append(
                "The audit trail lacks \(overview.unrecorded.of("decision")) since the start of this replica."
            )
        }
        let left = overview.certificate.expires - overview.now
        // What patless manages lives for days, and is renewed without anybody.
        if overview.certificate.authorityExpires == nil, 0..<fewDays * 86_400 ~= left {
            texts.append("The serving certificate expires in \(TimeText.span(left)).")
        }
        for exemption in overview.policy.exemptions {
            let left = exemption.end - overview.now
            guard 0..<fewDays * 86_400 ~= left else { continue }
            texts.append(
                "The exemption “\(exemption.reason)” of \(exemption.owner) ends in \(TimeText.span(left))."
            )
        }
        if case .known(let identities) = overview.identities {
            for (identity, lack) in identities {
                guard let lack else { continue }
                texts.append(
                    "The identity \(identity.namespace)/\(identity.serviceAccount) is not ready: \(lack)"
                )
            }
        }
        return texts.map { Remark(level: .doubtful, text: $0) }
    }
}
