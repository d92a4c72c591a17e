import Markup
import Policy

/// What is enforced: each rule with what it does today.
enum RulesSection {
    static func html(_ overview: Overview) -> HTML {
        let policy = overview.policy
        let rows = RuleName.ofAdmission.map { rule in
            [
                "<code>\(rule.rawValue)</code> <small>\(rule.documentation.summary)</small>",
                mode(policy.enforcement(of: rule), overview.now),
            ] as [HTML]
        }
        let existing =
            switch policy.existing {
            case .warn: "What broke a rule before may stay as it is, with a warning at every update"
            case .deny: "What broke a rule before is refused at its next update"
            }
        let table = Page.table("Rules, and what a finding leads to today", ["Rule", "Today"], rows)
        let note: HTML =
            "<p class=\"none\">\(existing) (<code>existing: \(policy.existing.rawValue)</code>).</p>"
        return Page.section("rules", "What is enforced", "\(table)\n\(note)")
    }

    private static func mode(_ enforcement: Enforcement, _ now: Int) -> HTML {
        if let day = enforcement.postponement(at: now) {
            return
                "<span class=\"mode warn\">warn</span> <small class=\"day\">deny from \(day.description)</small>"
        }
        let name = enforcement.mode.rawValue
        return "<span class=\"mode \(name)\">\(name)</span>"
    }
}
