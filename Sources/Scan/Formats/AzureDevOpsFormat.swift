import Policy

/// A report as logging commands of Azure Pipelines: an issue for each finding, which the pull request shows.
enum AzureDevOpsFormat {
    static func text(of report: ScanReport) -> String {
        var text = ""
        for finding in report.findings {
            let message =
                "\(finding.subject): \(finding.field) \(finding.message) Fix: \(finding.fix)"
                + (finding.remark.isEmpty ? "" : " (\(finding.remark))")
            // There are two types of issues; what needs no action is a line of the log.
            guard finding.severity == .deny || finding.severity == .warn else {
                if !finding.isKnown { text += "\(finding.location): \(data(message))\n" }
                continue
            }
            var properties = ["type=\(finding.severity == .deny ? "error" : "warning")"]
            if let file = finding.file { properties.append("sourcepath=\(property(file))") }
            if let place = finding.place {
                properties.append("linenumber=\(place.line)")
                properties.append("columnnumber=\(place.column)")
            }
            properties.append("code=\(finding.rule.rawValue)")
            text += "##vso[task.logissue \(properties.joined(separator: ";"));]\(data(message))\n"
        }
        for note in report.notes {
            guard note.isFailure else {
                text += "\(data(note.location)): \(data(note.what))\n"
                continue
            }
            let line = note.line.map { "linenumber=\($0);" } ?? ""
            let place = "type=error;sourcepath=\(property(note.file));\(line)"
            text += "##vso[task.logissue \(place)]\(data(note.what))\n"
        }
        return text + "\(report.summary)\n"
    }

    /// As azure-pipelines-task-lib's taskcommand.ts escapes the message.
    private static func data(_ text: String) -> String {
        // The agent obeys a command wherever in a line it stands.
        text.replacing("##", with: "# #").replacing("%", with: "%AZP25").replacing("\r", with: "%0D")
            .replacing("\n", with: "%0A")
    }

    /// The same for a property.
    private static func property(_ text: String) -> String {
        data(text).replacing("]", with: "%5D").replacing(";", with: "%3B")
    }
}
