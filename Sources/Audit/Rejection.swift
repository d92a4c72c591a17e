import Kubernetes
package import Policy

/// A refusal as people are shown it; the same request by the same user again is the same rejection, once more.
///
/// It holds texts alone, none of them a credential and none longer than a person reads.
package struct Rejection: Sendable, Equatable {
    /// What is wrong, and what to write instead.
    package struct Reason: Sendable, Equatable {
        package let rule: RuleName
        package let field: String
        package let message: String
        package let fix: String

        package init(rule: RuleName, field: String, message: String, fix: String) {
            self.rule = rule
            self.field = field.cut(to: 500)
            self.message = message.cut(to: 500)
            self.fix = fix.cut(to: 500)
        }
    }

    /// By which it is known again, as long as it is kept.
    package var number = 0
    package let operation: String
    package let kind: String
    package let namespace: String
    package let name: String
    package let user: String
    package let isDryRun: Bool
    /// The first few.
    package let reasons: [Reason]
    /// How many more there were.
    package let omittedReasons: Int
    /// When it last happened, in seconds since 1970.
    package var time: Int
    /// When it first happened.
    package var first: Int
    /// How often it happened.
    package var count = 1

    private static let mostReasons = 4

    /// The rejection that `record` tells of; nil when it tells of none.
    package init?(_ record: AuditRecord) {
        guard record.verdict.decision == .deny else { return nil }
        let denied = record.verdict.judgements.filter(\.isDenied).map(\.finding)
        operation = record.operation.rawValue
        kind = record.kind.cut(to: 500)
        namespace = record.namespace.cut(to: 500)
        name = record.name.cut(to: 500)
        user = record.user.cut(to: 500)
        isDryRun = record.isDryRun
        reasons = denied.prefix(Self.mostReasons).map {
            Reason(rule: $0.rule, field: $0.field, message: $0.message, fix: $0.fix)
        }
        omittedReasons = max(0, denied.count - Self.mostReasons)
        time = record.time / 1_000_000_000
        first = time
    }

    /// Whether `other` is the same request by the same user, refused for the same reasons.
    func isSame(as other: Rejection) -> Bool {
        var other = other
        (other.number, other.time, other.first, other.count) = (number, time, first, count)
        return self == other
    }
}
