import Policy

/// A report for people: where, what, the line itself, and what to write instead.
struct TableFormat {
    let isColoured: Bool

    private enum Colour: String {
        case red = "31", yellow = "33", blue = "34", grey = "90", bold = "1"
    }

    func text(of report: ScanReport) -> String {
        let rest = report.findings.isEmpty ? "" : "; `patless explain RULE` says more"
        return "\(list(of: report))\(report.summary)\(rest)\n"
    }

    /// The findings and notes alone.
    func list(of report: ScanReport) -> String {
        var text = ""
        for finding in report.findings where finding.severity != .known { text += block(finding) + "\n" }
        for note in report.notes {
            let what = note.isFailure ? paint("not judged", .red) : paint("note", .blue)
            text += "\(paint(note.location, .bold)): \(what): \(note.what)\n"
        }
        return report.notes.isEmpty ? text : text + "\n"
    }

    private func block(_ finding: ScanFinding) -> String {
        let colour: Colour =
            switch finding.severity {
            case .deny: .red
            case .warn: .yellow
            default: .blue
            }
        let severity = paint(finding.severity.rawValue, colour)
        let subject = finding.file == nil ? "" : " on \(finding.subject)"
        var text =
            "\(paint(finding.location, .bold)): \(severity): \(finding.rule.rawValue)\(subject): "
            + "\(finding.field) \(finding.message)\n"
        if let place = finding.place { text += excerpt(place, colour) }
        text += "  = \(paint("fix", .bold)): \(finding.fix)\n"
        return finding.remark.isEmpty ? text : text + "  = \(finding.remark)\n"
    }

    /// The line with a number, and what is meant underlined.
    private func excerpt(_ place: Place, _ colour: Colour) -> String {
        let number = String(place.line)
        let margin = String(repeating: " ", count: number.count)
        let before = place.indentation.map { String(repeating: " ", count: $0) } ?? "… "
        let line = String(repeating: "^", count: max(1, place.excerpt.count))
        let bar = paint("|", .grey)
        return """
             \(margin) \(bar)
             \(paint(number, .grey)) \(bar) \(before)\(place.excerpt)
             \(margin) \(bar) \(String(repeating: " ", count: before.count))\(paint(line, colour))

            """
    }

    private func paint(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension ScanReport {
    /// Its findings and notes for a person at a terminal.
    package func list(isColoured: Bool) -> String {
        TableFormat(isColoured: isColoured).list(of: self)
    }
}
