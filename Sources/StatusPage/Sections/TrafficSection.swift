import Markup
import Policy

/// The requests of the last hour: how many, what became of them, and how long they took.
enum TrafficSection {
    /// The decisions as they lie on one another, the lowest first, and what people call them.
    static let decisions: [(decision: Verdict.Decision, name: String)] = [
        (.deny, "refused"), (.warn, "warned"), (.exempt, "exempted"), (.patch, "patched"),
        (.audit, "recorded"),
        (.allow, "allowed"),
    ]

    static func html(_ overview: Overview) -> HTML {
        let minutes = overview.traffic
        let total = minutes.reduce(0) { $0 + $1.total }
        guard total > 0 else {
            return Page.section("traffic", "Traffic", "<p class=\"none\">No request in the last hour.</p>")
        }
        return Page.section(
            "traffic",
            "Traffic",
            """
            \(figure("requests", "Requests a minute", requestsSummary(minutes), RequestsChart(minutes).html, legend(minutes)))
            \(figure("latency", "Time to decide", latencySummary(minutes), LatencyChart(minutes).html, latencyLegend))
            <details>
            <summary>The numbers as a table</summary>
            <div class="scroll" role="region" aria-label="Requests by minute" tabindex="0">
            \(table(overview))
            </div>
            </details>
            """
        )
    }

    private static func figure(
        _ id: String,
        _ title: String,
        _ summary: String,
        _ chart: HTML,
        _ legend: HTML
    ) -> HTML {
        """
        <figure aria-labelledby="\(id)-title">
        <h3 id="\(id)-title">\(title)</h3>
        <p>\(summary)</p>
        \(chart)
        <p class="axis" aria-hidden="true"><span>an hour ago</span><span>now</span></p>
        \(legend)
        </figure>
        """
    }

    private static func requestsSummary(_ minutes: [Overview.Minute]) -> String {
        let refused = minutes.reduce(0) { $0 + $1.decisions[.deny, default: 0] }
        let total = minutes.reduce(0) { $0 + $1.total }
        let most = minutes.map(\.total).max() ?? 0
        return
            "\(total.of("request")) in the last hour, \(refused.grouped) refused; \(most.grouped) in the busiest minute."
    }

    private static func latencySummary(_ minutes: [Overview.Minute]) -> String {
        let slowest = minutes.compactMap(\.p99).max() ?? 0
        let last = minutes.last { $0.p50 != nil }
        let half = last?.p50 ?? 0
        let most = last?.p99 ?? 0
        return """
            Half of the latest were decided within \(TimeText.duration(half)), 99 of 100 within \
            \(TimeText.duration(most)). In the slowest minute it was \(TimeText.duration(slowest)).
            """
    }

    private static func legend(_ minutes: [Overview.Minute]) -> HTML {
        let seen = decisions.filter { entry in
            minutes.contains { $0.decisions[entry.decision, default: 0] > 0 }
        }
        let items = seen.map { "<li><i class=\"\($0.decision.rawValue)\"></i>\($0.name)</li>" as HTML }
        return "<ul class=\"legend\" aria-label=\"Legend\">\(items)</ul>"
    }

    private static let latencyLegend: HTML =
        "<ul class=\"legend\" aria-label=\"Legend\"><li><i class=\"span\"></i>from half to 99 of 100 requests</li></ul>"

    private static func table(_ overview: Overview) -> HTML {
        let count = overview.traffic.count
        let rows = overview.traffic.enumerated().reversed().filter { $1.total > 0 }.map { index, minute in
            let begin = overview.now - (count - 1 - index) * 60
            let numbers = decisions.map { "\(minute.decisions[$0.decision, default: 0].grouped)" as HTML }
            let times = [minute.p50, minute.p99].map { "\($0.map(TimeText.duration) ?? "")" as HTML }
            return ["\(TimeText.hourMinute(begin))" as HTML] + numbers + times
        }
        let names = decisions.map(\.name)
        return Page.table(
            "Minutes with requests, in UTC, the last first",
            ["Minute"] + names + ["half within", "99 % within"],
            rows
        )
    }
}
