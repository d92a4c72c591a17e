/// One thing that a rule finds on an object: what, where, why, and what to write instead.
package struct Finding: Sendable, Equatable {
    package let rule: RuleName
    /// Such as `spec.secretRef`.
    package let field: String
    /// What is wrong, and why that matters.
    package let message: String
    /// What to write instead.
    package let fix: String
    /// Both in a few words, without a full stop: what a warning has room for.
    package let brief: String
    let evidence: Evidence

    init(_ rule: RuleName, _ field: String, message: String, fix: String, brief: String, evidence: Evidence) {
        self.rule = rule
        self.field = field
        self.message = message
        self.fix = fix
        self.brief = brief
        self.evidence = evidence
    }

    /// Whether `old` is the same rule, broken by the same value, and as much or more of it.
    func isCovered(by old: Finding) -> Bool {
        rule == old.rule && evidence.isCovered(by: old.evidence)
    }
}

/// The value that breaks a rule and what it is used for, by which a finding is known again.
///
/// The use belongs to it: a credential that is sent to another host than before is another finding. It may be a
/// credential, so nothing prints it: neither a description nor a mirror shows what is in it.
struct Evidence: Sendable, Equatable {
    private let parts: [[UInt8]]
    /// Of what may get less, but not more: credentials beside one another, ways by which one goes.
    private let items: [[UInt8]]

    init(_ parts: [[UInt8]], items: [[UInt8]] = []) {
        self.parts = parts
        self.items = items
    }

    init(_ texts: String...) {
        self.init(texts)
    }

    init(_ texts: [String], items: [String] = []) {
        self.init(texts.map { Array($0.utf8) }, items: items.map { Array($0.utf8) })
    }

    func isCovered(by old: Evidence) -> Bool {
        parts == old.parts && (items.isEmpty || Set(items).isSubset(of: old.items))
    }
}

extension Evidence: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(withheld)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
