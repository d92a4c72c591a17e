import Policy

/// A report as workflow commands of GitHub Actions: an annotation for each finding.
enum GitHubFormat {
    static func text(of report: ScanReport) -> String {
        var text = ""
        for finding in report.findings where finding.severity != .known {
            let level =
                switch finding.severity {
                case .deny: "error"
                case .warn: "warning"
                default: "notice"
                }
            var properties: [String] = []
            if let file = finding.file { properties.append("file=\(property(file))") }
            if let place = finding.place {
                properties.append("line=\(place.line)")
                properties.append("col=\(place.column)")
            }
            properties.append("title=\(property("\(finding.rule.rawValue): \(finding.subject)"))")
            let remark = finding.remark.isEmpty ? "" : "\n\(finding.remark)"
            let message = "\(finding.field) \(finding.message)\nFix: \(finding.fix)\(remark)"
            text += "::\(level) \(properties.joined(separator: ","))::\(data(message))\n"
        }
        for note in report.notes {
            let level = note.isFailure ? "error" : "notice"
            let line = note.line.map { ",line=\($0)" } ?? ""
            text += "::\(level) file=\(property(note.file))\(line),title=patless::\(data(note.what))\n"
        }
        return text + "\(report.summary)\n"
    }

    /// As actions/toolkit's command.ts escapes the message.
    private static func data(_ text: String) -> String {
        // The runner still obeys commands of old (`##[`) wherever in a line they stand.
        text.replacing("##", with: "# #").replacing("%", with: "%25").replacing("\r", with: "%0D").replacing(
            "\n",
            with: "%0A"
        )
    }

    /// The same for a property.
    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
