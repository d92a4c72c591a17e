import Markup
import Policy

/// The top of the page: the state in a sentence, what somebody has to look at, and the numbers of the moment.
enum StateSection {
    static func html(_ overview: Overview, _ condition: Condition) -> HTML {
        let remarks = condition.remarks.map { remark in
            "<li class=\"\(remark.level.name)\">\(remark.text)</li>\n" as HTML
        }
        let list: HTML = remarks.isEmpty ? "" : "<ul class=\"remarks\">\n\(remarks)</ul>"
        return """
            <div id="state" class="\(condition.level.name)">
            <p class="name">patless</p>
            <h1>\(condition.level.symbol)<span id="headline">\(condition.headline)</span></h1>
            \(list)
            <dl class="numbers">
            \(numbers(overview))</dl>
            </div>
            """
    }

    private static func numbers(_ overview: Overview) -> [HTML] {
        let refused = overview.traffic.reduce(0) { $0 + $1.decisions[.deny, default: 0] }
        let requests = overview.traffic.reduce(0) { $0 + $1.total }
        return [
            number("Refused in the last hour", refused.grouped),
            number("Requests in the last hour", requests.grouped),
            number("Objects that comply", ComplianceSection.share(overview.compliance)),
            number("Identities ready", IdentitiesSection.share(overview.identities)),
            number("Certificate good for", TimeText.span(overview.certificate.expires - overview.now)),
        ]
    }

    private static func number(_ name: String, _ value: String) -> HTML {
        "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n"
    }
}

extension Condition.Level {
    /// Its class in the style sheet.
    var name: String {
        switch self {
        case .good: "good"
        case .doubtful: "doubtful"
        case .bad: "bad"
        }
    }

    /// A sign whose form tells it, too, not only its colour.
    var symbol: HTML {
        let path =
            switch self {
            case .good: "M6.5 12.5l3.8 3.8 7.2-8"
            case .doubtful: "M12 6.5v6.5M12 16.9v.2"
            case .bad: "M8 8l8 8M16 8l-8 8"
            }
        return """
            <svg class="symbol" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/>\
            <path d="\(path)"/></svg>
            """
    }

    /// A picture for the browser's tab.
    var icon: String {
        let (color, path) =
            switch self {
            case .good: ("1a6b47", "M9 17l5 5 9-11")
            case .doubtful: ("8a5300", "M16 8v10m0 4v2")
            case .bad: ("b3261e", "M10 10l12 12m0-12L10 22")
            }
        return "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
            + "%3Ccircle cx='16' cy='16' r='15' fill='%23\(color)'/%3E%3Cpath d='\(path)' fill='none' "
            + "stroke='%23fff' stroke-width='3.5' stroke-linecap='round'/%3E%3C/svg%3E"
    }
}
