import Policy

/// A report in JUnit's XML: each finding is a test, those that the webhook would refuse or warn of have failed.
enum JUnitFormat {
    static func text(of report: ScanReport) -> String {
        let failures = report.count(.deny) + report.count(.warn)
        let skipped = report.findings.count - failures
        let errors = report.notes.count(where: \.isFailure)
        let isEmpty = report.findings.isEmpty && errors == 0
        let tests = report.findings.count + errors + (isEmpty ? 1 : 0)
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="patless" tests="\(tests)" failures="\(failures)" errors="\(errors)" skipped="\(skipped)">
              <testsuite name="patless scan" tests="\(tests)" failures="\(failures)" errors="\(errors)" skipped="\(skipped)">

            """
        for finding in report.findings { text += testCase(finding) }
        for note in report.notes where note.isFailure {
            text += """
                    <testcase classname="scan" name="\(escape(note.location))">
                      <error message="\(escape(note.what))"/>
                    </testcase>

                """
        }
        if isEmpty { text += "    <testcase classname=\"scan\" name=\"\(escape(report.summary))\"/>\n" }
        return text + "  </testsuite>\n</testsuites>\n"
    }

    private static func testCase(_ finding: ScanFinding) -> String {
        let name = "\(finding.subject): \(finding.field) (\(finding.location))"
        let message = escape("\(finding.field) \(finding.message)")
        let outcome: String
        switch finding.severity {
        case .deny, .warn:
            outcome = """
                <failure type="\(finding.severity.rawValue)" message="\(message)">\(escape(finding.location))
                \(message)
                Fix: \(escape(finding.fix))</failure>
                """
        default:
            let reason = finding.remark.isEmpty ? finding.severity.rawValue : finding.remark
            outcome = "<skipped message=\"\(escape(reason))\"/>"
        }
        return """
                <testcase classname="\(finding.rule.rawValue)" name="\(escape(name))">
                  \(outcome)
                </testcase>

            """
    }

    /// Text as it may stand in XML 1.0, in an attribute too.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
