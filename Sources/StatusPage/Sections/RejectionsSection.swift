import Audit
import Markup
import Policy

/// Who was refused what lately, and what they were told to write instead.
enum RejectionsSection {
    static func html(_ overview: Overview) -> HTML {
        guard !overview.rejections.isEmpty else {
            return Page.section(
                "rejections",
                "Last rejections",
                "<p class=\"none\">Nothing was refused since this replica started.</p>"
            )
        }
        let items = overview.rejections.map { item($0, at: overview.now) }
        return Page.section("rejections", "Last rejections", "<ol class=\"rejections\">\n\(items)</ol>")
    }

    private static func item(_ rejection: Rejection, at now: Int) -> HTML {
        let reasons = rejection.reasons.map { reason in
            """
            <p><code class="rule">\(reason.rule.rawValue)</code> <code>\(reason.field)</code> \(reason.message)</p>
            <p class="fix"><b>Fix:</b> \(reason.fix)</p>

            """ as HTML
        }
        let more: HTML =
            rejection.omittedReasons == 0
            ? "" : "<p>\(rejection.omittedReasons.of("more finding")), which the answer had.</p>\n"
        return """
            <li id="rejection-\(rejection.number)">
            <h3><span class="kind">\(rejection.kind)</span> \(place(rejection))\(dryRun(rejection))</h3>
            <p class="by"><b>\(rejection.user)</b> tried to \(verb(rejection)) it \(times(rejection, at: now))</p>
            \(reasons)\(more)</li>

            """
    }

    private static func place(_ rejection: Rejection) -> String {
        let name = rejection.name.isEmpty ? "(not named yet)" : rejection.name
        return rejection.namespace.isEmpty ? name : "\(rejection.namespace)/\(name)"
    }

    private static func dryRun(_ rejection: Rejection) -> HTML {
        rejection.isDryRun ? " <span class=\"tag\">dry run</span>" : ""
    }

    private static func verb(_ rejection: Rejection) -> String {
        switch rejection.operation {
        case "CREATE": "create"
        case "UPDATE": "change"
        default: rejection.operation
        }
    }

    private static func times(_ rejection: Rejection, at now: Int) -> HTML {
        let last = TimeText.element(rejection.time, at: now)
        guard rejection.count > 1 else { return last }
        return "\(rejection.count.grouped) times since \(TimeText.minute(rejection.first)), the last \(last)"
    }
}
