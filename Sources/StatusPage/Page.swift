import JSON
import Markup
import TLS

/// The status page, whole: one HTML document that needs nothing from anywhere else.
package enum Page {
    package static func render(_ overview: Overview) -> [UInt8] {
        let condition = Condition(overview)
        let html: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(condition.headline) – patless</title>
            <link rel="icon" href="\(condition.level.icon)">
            <style>\(style)</style>
            </head>
            <body data-refused="\(overview.refused)">
            <header>
            \(StateSection.html(overview, condition))
            <div class="pulse">
            <p><span id="news" role="status"></span> <span id="updated">As of \(TimeText.clock(overview.now))</span></p>
            <button type="button" id="pause" hidden>Pause updates</button>
            <noscript><p>Reload for news.</p></noscript>
            </div>
            </header>
            <main>
            <div class="column" id="first">
            \(RejectionsSection.html(overview))
            \(RulesSection.html(overview))
            </div>
            <div class="column" id="second">
            \(TrafficSection.html(overview))
            \(ComplianceSection.html(overview))
            \(ExemptionsSection.html(overview))
            \(IdentitiesSection.html(overview))
            \(CertificatesSection.html(overview))
            </div>
            </main>
            <footer>
            <p>This page is of the replica <b>\(overview.replica)</b>, up for \(TimeText.span(overview.now - overview.started)).
            \(leadership(overview.isLeading))
            Requests and rejections are those that came to it; other replicas have their own.</p>
            <p>patless \(overview.version), policy <code>\(String(overview.policyHash.prefix(12)))</code></p>
            </footer>
            <script>\(script)</script>
            </body>
            </html>

            """
        return Array(html.text.utf8)
    }

    private static func leadership(_ isLeading: Bool?) -> String {
        switch isLeading {
        case true?: "It leads: it scans the cluster and gives identities to what exists already."
        case false?: "Another replica leads: that one scans the cluster and knows of identities."
        case nil: ""
        }
    }

    /// What a browser is to load and to run for the page: its own style and script, known by their digests.
    package static let contentSecurityPolicy = [
        "default-src 'none'", "style-src 'sha256-\(digest(of: style))'",
        "script-src 'sha256-\(digest(of: script))'",
        "img-src data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].joined(separator: "; ")

    private static func digest(of html: HTML) -> String {
        var base64: [UInt8] = []
        Base64.encode(Digest.sha256Bytes(Array(html.text.utf8)), into: &base64)
        return String(decoding: base64, as: UTF8.self)
    }

    /// A part of the page under a heading, which screen readers list as a region.
    static func section(_ id: String, _ title: String, _ content: HTML) -> HTML {
        """
        <section id="\(id)" aria-labelledby="\(id)-title">
        <h2 id="\(id)-title">\(title)</h2>
        \(content)
        </section>
        """
    }

    /// A table; the first cell of each row names it.
    static func table(_ caption: String, _ columns: [String], _ rows: [[HTML]]) -> HTML {
        let head = columns.map { "<th scope=\"col\">\($0)</th>" as HTML }
        let body = rows.map { cells in
            let rest = cells.dropFirst().map { "<td>\($0)</td>" as HTML }
            return "<tr><th scope=\"row\">\(cells[0])</th>\(rest)</tr>\n" as HTML
        }
        return """
            <table>
            <caption>\(caption)</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>
            """
    }
}
