import Audit
import Markup
import Policy

/// How much of what is in the cluster complies, and what does not.
enum ComplianceSection {
    private static let mostRows = 20

    static func html(_ overview: Overview) -> HTML {
        Page.section("objects", "Objects in the cluster", content(overview.compliance, overview.now))
    }

    private static func content(_ summary: ComplianceSummary?, _ now: Int) -> HTML {
        guard let summary else {
            return
                "<p class=\"none\">No scan: only the replica that leads looks, and tells once it has seen everything.</p>"
        }
        let sentence: HTML = """
            <p><b>\(summary.compliant.grouped)</b> of <b>\(summary.objects.of("object"))</b> comply. \
            Scanned \(TimeText.element(summary.time, at: now)).</p>
            """
        guard !summary.shortfalls.isEmpty else { return sentence }
        let rows = summary.shortfalls.prefix(mostRows).map { shortfall in
            [
                "\(shortfall.namespace)", "<code>\(shortfall.rule.rawValue)</code>",
                "\(shortfall.objects.grouped)",
            ] as [HTML]
        }
        let rest = summary.shortfalls.count - rows.count
        let more: HTML = rest > 0 ? "<p>And \(rest.grouped) more of fewer objects each.</p>" : ""
        return """
            \(sentence)
            \(bar(summary))
            \(Page.table("Objects that do not comply", ["Namespace", "Rule", "Objects"], rows))
            \(more)
            """
    }

    /// The share as a bar; the sentence above says the same.
    private static func bar(_ summary: ComplianceSummary) -> HTML {
        let width = summary.objects == 0 ? 1_000 : summary.compliant * 1_000 / summary.objects
        return """
            <svg class="share" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">\
            <rect class="rest" width="1000" height="8"/><rect class="done" width="\(width)" height="8"/></svg>
            """
    }

    /// In a few letters; rounded down, so that only all are 100 %.
    static func share(_ summary: ComplianceSummary?) -> String {
        guard let summary, summary.objects > 0 else { return summary == nil ? "no scan" : "none there" }
        return "\(summary.compliant * 100 / summary.objects) %"
    }
}
