/// One thing that a rule finds on an object: what, where, why, and what to write instead.
package struct Finding: Sendable, Equatable {
    package let rule: RuleName
    /// Such as `spec.secretRef`.
    package let field: String
    /// What is wrong, and why that matters.
    package let message: String
    /// What to write instead.
    package let fix: String
    let evidence: Evidence

    init(_ rule: RuleName, _ field: String, message: String, fix: String, evidence: Evidence) {
        self.rule = rule
        self.field = field
        self.message = message
        self.fix = fix
        self.evidence = evidence
    }

    /// Whether `other` is the same rule, broken by the same value.
    func isSame(as other: Finding) -> Bool {
        rule == other.rule && evidence == other.evidence
    }
}

/// The value that breaks a rule, by which a finding is known again.
///
/// It may be a credential, so nothing prints it: neither a description nor a mirror shows what is in it.
struct Evidence: Sendable, Equatable {
    private let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    init(_ text: String) {
        self.init(text.utf8)
    }
}

extension Evidence: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(withheld)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
