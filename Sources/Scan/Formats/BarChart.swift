import Markup

/// How many findings there are of each name, as bars whose parts are the severities; a table to who cannot see them.
struct BarChart {
    private static let mostBars = 12
    private let title: String
    private let bars: [(name: String, counts: [(ScanFinding.Severity, Int)], total: Int)]
    private let rest: Int

    init(_ title: String, _ findings: [ScanFinding], by name: (ScanFinding) -> String) {
        self.title = title
        let all = Dictionary(grouping: findings, by: name).map { name, findings in
            let counts = ScanFinding.Severity.allCases.map { severity in
                (severity, findings.count { $0.severity == severity })
            }
            return (name: name, counts: counts.filter { $0.1 > 0 }, total: findings.count)
        }
        bars = Array(
            all.sorted { ($1.total, $0.name) < ($0.total, $1.name) }.prefix(Self.mostBars)
        )
        rest = all.count - bars.count
    }

    var html: HTML {
        let most = bars.map(\.total).max() ?? 1
        let rows = bars.map { bar in
            var start = 0
            var parts: [HTML] = []
            for (severity, count) in bar.counts {
                let end = start + count
                let (left, right) = (start * 1_000 / most, end * 1_000 / most)
                parts.append(
                    """
                    <rect class="\(severity.rawValue)" x="\(left)" width="\(right - left)" height="10">\
                    <title>\(count) \(severity.rawValue)</title></rect>
                    """
                )
                start = end
            }
            return """
                <tr><th scope="row">\(bar.name)</th><td><svg viewBox="0 0 1000 10" preserveAspectRatio="none" \
                aria-hidden="true">\(parts)</svg></td><td>\(bar.total)</td></tr>

                """ as HTML
        }
        let more: HTML = rest > 0 ? "<p class=\"remark\">And \(rest) more with fewer each.</p>" : ""
        return """
            <div>
            <table>
            <caption>\(title)</caption>
            <tbody>
            \(rows)</tbody>
            </table>
            \(more)
            </div>
            """
    }
}
