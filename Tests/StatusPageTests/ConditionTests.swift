import Policy
import Testing

@testable import StatusPage

@Suite("The state in a sentence")
struct ConditionTests {
    private func condition(_ change: (inout Overview) -> Void) -> Condition {
        var overview = Sample.quiet
        change(&overview)
        return Condition(overview)
    }

    @Test func `is that no static Git credential gets in, when nothing is wrong`() {
        let condition = Condition(Sample.quiet)
        #expect(condition.headline == "Enforcing: no static Git credential gets in")
        #expect(condition.level == .good && condition.remarks.isEmpty)
    }

    @Test func `tells of exemptions, but not of those that have ended`() {
        let today = Day(at: Sample.now).number
        let held = condition { $0.policy.exemptions = [Sample.exemption("why", lastDay: today + 90)] }
        #expect(held.headline == "Enforcing: no static Git credential gets in without an exemption")
        #expect(held.level == .good)
        let ended = condition { $0.policy.exemptions = [Sample.exemption("why", lastDay: today - 1)] }
        #expect(ended.headline == "Enforcing: no static Git credential gets in" && ended.level == .good)
        let lastDay = condition { $0.policy.exemptions = [Sample.exemption("why", lastDay: today)] }
        #expect(lastDay.level == .doubtful)
        #expect(
            lastDay.remarks.map(\.text) == ["The exemption “why” of team-a@contoso.com ends in 16 hours."]
        )
    }

    @Test func `is that some get in, when an essential rule does not deny`() {
        let condition = condition { $0.policy.rules[.secretRef] = Enforcement(mode: .warn) }
        #expect(condition.headline == "Enforcing in part: some static Git credentials get in")
        #expect(condition.level == .doubtful)
        #expect(condition.remarks.map(\.text) == ["The rule secret-ref only warns."])
        let advice = self.condition { $0.policy.rules[.sshKey] = Enforcement(mode: .off) }
        #expect(advice.level == .good)
    }

    @Test func `is that they get in, when no essential rule denies yet`() {
        let condition = condition { overview in
            for rule in RuleName.allCases {
                overview.policy.rules[rule] = Enforcement(
                    mode: .deny,
                    enforceFrom: Day(number: Day(at: Sample.now).number + 1)
                )
            }
        }
        #expect(condition.headline == "Not enforcing: static Git credentials get in")
        #expect(condition.level == .bad && condition.remarks.count == 4)
        #expect(
            condition.remarks[0].text
                == "The rule secret-ref only warns until 2027-01-16, when it begins to deny."
        )
    }

    @Test func `is that the API server cannot count on the replica`() {
        for change: (inout Overview) -> Void in [
            { $0.isServing = false },
            { $0.certificate.expires = $0.now },
            { $0.certificate.problems = ["the ValidatingWebhookConfiguration patless does not exist"] },
        ] {
            let condition = condition(change)
            #expect(condition.headline.hasPrefix("Not enforcing here:"))
            #expect(condition.level == .bad && condition.remarks.count == 1)
        }
    }

    @Test func `names what will be a trouble, after what is one`() {
        let condition = condition { overview in
            overview.policyFailure = "policy.yaml:3:1: unknown key"
            overview.certificate.failure = "open tls.crt: No such file or directory"
            overview.identities = .known([
                (Sample.identity("flux-system"), "no pod runs"), (Sample.identity("b"), nil),
            ])
            overview.unrecorded = 3
            overview.isServing = false
        }
        #expect(condition.remarks.map(\.level) == [.bad, .doubtful, .doubtful, .doubtful, .doubtful])
        let text = condition.remarks.map(\.text).joined(separator: "\n")
        for words in [
            "policy.yaml:3:1", "open tls.crt", "flux-system/source-controller is not ready: no pod runs",
            "lacks 3 decisions",
        ] {
            #expect(text.contains(words))
        }
    }

    @Test func `warns of a certificate's end where nobody renews it`() {
        #expect(condition { $0.certificate.expires = $0.now + 86_400 }.level == .good)
        let alone = condition { overview in
            overview.certificate.authorityExpires = nil
            overview.certificate.expires = overview.now + 13 * 86_400
        }
        #expect(alone.remarks.map(\.text) == ["The serving certificate expires in 13 days."])
    }
}
