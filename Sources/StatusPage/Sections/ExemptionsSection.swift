import Markup
import Policy

/// Who may break which rule, why, and how long still.
enum ExemptionsSection {
    static func html(_ overview: Overview) -> HTML {
        let exemptions = overview.policy.exemptions.sorted { left, right in
            let (isLeftOver, isRightOver) = (!left.holds(at: overview.now), !right.holds(at: overview.now))
            return isLeftOver == isRightOver ? left.expires < right.expires : isRightOver
        }
        guard !exemptions.isEmpty else {
            return Page.section("exemptions", "Exemptions", "<p class=\"none\">None.</p>")
        }
        let rows = exemptions.map { row($0, at: overview.now) }
        return Page.section(
            "exemptions",
            "Exemptions",
            Page.table("Exemptions, the first to end first", ["For", "Why", "Left"], rows)
        )
    }

    private static func row(_ exemption: Exemption, at now: Int) -> [HTML] {
        let rules = RuleName.allCases.filter(exemption.rules.contains).map {
            "<code>\($0.rawValue)</code> " as HTML
        }
        let names = exemption.names.contains("*") ? "everything" : exemption.names.joined(separator: ", ")
        let places = "\(names) in \(exemption.namespaces.joined(separator: ", "))"
        return [
            "\(rules)<small>\(places)</small>",
            "\(exemption.reason) <small>\(exemption.owner)</small>",
            "\(left(exemption, at: now)) <small class=\"day\">until \(exemption.expires.description)</small>",
        ]
    }

    private static func left(_ exemption: Exemption, at now: Int) -> HTML {
        guard exemption.holds(at: now) else { return "<span class=\"ended\">ended</span>" }
        let isShort = exemption.end - now < Condition.fewDays * 86_400
        return "<span class=\"\(isShort ? "few" : "many")\">\(TimeText.span(exemption.end - now))</span>"
    }
}
