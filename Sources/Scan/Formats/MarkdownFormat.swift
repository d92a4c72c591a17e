import Policy

/// A report as Markdown, to put into a comment on a pull request.
enum MarkdownFormat {
    static func text(of report: ScanReport) -> String {
        let shown = report.findings.filter { $0.severity != .known }
        var text = "### patless: \(report.summary)\n"
        if !shown.isEmpty {
            text += "\n| | Where | Object | Finding | Fix |\n|---|---|---|---|---|\n"
        }
        for finding in shown {
            let location = finding.file == nil ? "" : code(finding.location)
            let remark = finding.remark.isEmpty ? "" : " (\(cell(finding.remark)))"
            let rule = "\(finding.severity.rawValue) \(code(finding.rule.rawValue))"
            text +=
                "| \(rule) | \(location) | \(cell(finding.subject)) "
                + "| \(code(finding.field)) \(cell(finding.message))\(remark) | \(cell(finding.fix)) |\n"
        }
        if !report.notes.isEmpty { text += "\n" }
        for note in report.notes {
            text +=
                "- \(code(note.location)): \(note.isFailure ? "**not judged:** " : "")\(cell(note.what))\n"
        }
        return text
    }

    private static func code(_ text: String) -> String {
        "`\(text.replacing("`", with: "'").replacing("|", with: "\\|").replacing("\n", with: " "))`"
    }

    /// Text in which nothing is markup.
    private static func cell(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\n", "\r\n", "\r": escaped += " "
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case "\\", "`", "*", "_", "[", "]", "|", "#", "@", "~": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
