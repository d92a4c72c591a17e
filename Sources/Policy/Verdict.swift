package import JSON

/// What becomes of one object: its findings, what each of them leads to, and what is changed.
package struct Verdict: Sendable {
    /// What it is about, such as `GitRepository apps/fleet`.
    package let subject: String
    /// The same without the kind, such as `apps/fleet`.
    let place: String
    package let judgements: [Judgement]
    /// Empty when nothing is changed.
    package let patch: JSONPatch

    init(of target: Target, judgements: [Judgement], patch: JSONPatch = JSONPatch()) {
        subject = target.description
        place = target.place
        self.judgements = judgements
        // What is refused is not changed.
        self.patch = judgements.contains(where: \.isDenied) ? JSONPatch() : patch
    }

    /// Nothing to say and nothing to change.
    static let nothing = Verdict()

    private init() {
        subject = ""
        place = ""
        judgements = []
        patch = JSONPatch()
    }

    package var isAllowed: Bool {
        !judgements.contains(where: \.isDenied)
    }

    /// The verdict in one word, for metrics and logs: the first of these that is true of it.
    package enum Decision: String, CaseIterable, Sendable {
        /// Refused.
        case deny
        /// Allowed, with a warning; it may be patched as well.
        case warn
        /// Allowed, and changed.
        case patch
        /// Allowed, because of an exemption.
        case exempt
        /// Allowed, with a finding that is only recorded.
        case audit
        /// Allowed, and nothing was found.
        case allow
    }

    package var decision: Decision {
        if !isAllowed { return .deny }
        if judgements.contains(where: \.isWarned) { return .warn }
        if !patch.isEmpty { return .patch }
        if judgements.contains(where: { $0.exemption != nil }) { return .exempt }
        return judgements.isEmpty ? .allow : .audit
    }
}

/// A finding, and what it leads to.
package struct Judgement: Sendable, Equatable {
    package let finding: Finding
    package internal(set) var disposition: Disposition

    package enum Disposition: Sendable, Equatable {
        case denied
        case warned(Leniency)
        case audited
        case exempted(Exemption)

        /// One word for it, for metrics and logs.
        package var label: String {
            switch self {
            case .denied: "deny"
            case .warned: "warn"
            case .audited: "audit"
            case .exempted: "exempt"
            }
        }
    }

    /// Why a finding only warns.
    package enum Leniency: Sendable, Equatable {
        /// The rule's mode is `warn`.
        case mode
        /// The rule will deny, from that day.
        case until(Day)
        /// The object had the finding before this update.
        case existing
    }

    package var isDenied: Bool {
        disposition == .denied
    }

    package var isWarned: Bool {
        if case .warned = disposition { true } else { false }
    }

    package var exemption: Exemption? {
        if case .exempted(let exemption) = disposition { exemption } else { nil }
    }
}
