import Markup
import Policy

/// A report as one page to look at, which loads nothing: charts by rule and by namespace, then each finding.
enum HTMLFormat {
    static func text(of report: ScanReport, _ setting: ReportFormat.Setting) -> String {
        let isClean = report.count(.deny) + report.count(.warn) == 0 && !report.isIncomplete
        let headline =
            isClean
            ? "No static Git credential found"
            : "\(ScanReport.plural(report.count(.deny) + report.count(.warn), "finding")) to mend"
        let html: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(headline) – patless</title>
            <link rel="icon" href="data:,">
            <style>\(style)</style>
            </head>
            <body>
            <header>
            <p class="name">patless scan</p>
            <h1 class="\(isClean ? "good" : "bad")">\(headline)</h1>
            <p>\(setting.scope), \(setting.day): \(report.summary).</p>
            </header>
            <main>
            \(charts(report))
            \(findings(report))
            \(notes(report))
            </main>
            <footer><p>patless \(setting.version). The webhook refuses what is marked <b class="mark deny">deny</b>; \
            <code>patless explain RULE</code> says why, and <code>patless fix</code> mends what a machine can.</p></footer>
            </body>
            </html>

            """
        return html.text
    }

    private static func charts(_ report: ScanReport) -> HTML {
        guard !report.findings.isEmpty else { return "" }
        let severities = ScanFinding.Severity.allCases.filter { report.count($0) > 0 }
        let legend = severities.map { severity in
            "<li><i class=\"\(severity.rawValue)\"></i>\(severity.rawValue) \(report.count(severity))</li>"
                as HTML
        }
        return """
            <section aria-labelledby="overview">
            <h2 id="overview">Overview</h2>
            <ul class="legend">\(legend)</ul>
            <div class="charts">
            \(BarChart("By rule", report.findings) { $0.rule.rawValue }.html)
            \(BarChart("By namespace", report.findings) { $0.namespace.isEmpty ? "(not said)" : $0.namespace }.html)
            </div>
            </section>
            """
    }

    private static func findings(_ report: ScanReport) -> HTML {
        let groups = Dictionary(grouping: report.findings) { $0.file ?? $0.namespace }
        guard !groups.isEmpty else { return "" }
        let parts = groups.sorted { $0.key < $1.key }.map { name, findings in
            """
            <h3>\(name)</h3>
            <ul class="findings">
            \(findings.map(item))</ul>

            """ as HTML
        }
        return """
            <section aria-labelledby="findings">
            <h2 id="findings">Findings</h2>
            \(parts)</section>
            """
    }

    private static func item(_ finding: ScanFinding) -> HTML {
        let severity = finding.severity.rawValue
        let place: HTML = finding.place.map { "<pre><b>\($0.line)</b> \($0.excerpt)</pre>" } ?? ""
        let remark: HTML = finding.remark.isEmpty ? "" : "<p class=\"remark\">\(finding.remark)</p>"
        return """
            <li class="\(severity)">
            <p><b class="mark \(severity)">\(severity)</b> <code>\(finding.rule.rawValue)</code> \
            <span class="subject">\(finding.subject)</span></p>
            \(place)<p><code>\(finding.field)</code> \(finding.message)</p>
            <p class="fix">\(finding.fix)</p>\(remark)
            </li>

            """
    }

    private static func notes(_ report: ScanReport) -> HTML {
        guard !report.notes.isEmpty else { return "" }
        let items = report.notes.map { note in
            let mark: HTML = note.isFailure ? "<b class=\"mark deny\">not judged</b> " : ""
            return "<li>\(mark)<code>\(note.location)</code> \(note.what)</li>\n" as HTML
        }
        return """
            <section aria-labelledby="notes">
            <h2 id="notes">Notes</h2>
            <ul>
            \(items)</ul>
            </section>
            """
    }
}
