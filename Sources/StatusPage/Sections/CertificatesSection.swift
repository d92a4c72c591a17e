import Markup

/// How long the certificates are good for, and whether the API server trusts them.
enum CertificatesSection {
    static func html(_ overview: Overview) -> HTML {
        let certificate = overview.certificate
        var rows = [row("Serving certificate", certificate.expires, overview.now)]
        if let expires = certificate.authorityExpires {
            rows.append(row("Authority", expires, overview.now))
        }
        let renewal: HTML =
            certificate.authorityExpires == nil
            ? "<p>Its files are read again when they change.</p>"
            : "<p>Both are renewed by themselves when two thirds of their life are over.</p>"
        let trust: HTML =
            switch certificate.problems {
            case nil: ""
            case []?: "<p>The API server trusts it, and a call to ourselves succeeds.</p>"
            case let problems?:
                "<p><span class=\"ended\">Not trusted:</span> \(problems.joined(separator: "; ")).</p>"
            }
        return Page.section(
            "certificates",
            "Certificates",
            "\(Page.table("Certificates", ["Certificate", "Left"], rows))\n\(renewal)\n\(trust)"
        )
    }

    private static func row(_ name: String, _ expires: Int, _ now: Int) -> [HTML] {
        let left: HTML =
            expires > now
            ? "<span>\(TimeText.span(expires - now))</span>" : "<span class=\"ended\">expired</span>"
        return ["\(name)", "\(left) <small>until \(TimeText.minute(expires))</small>"]
    }
}
