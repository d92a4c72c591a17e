import JSON
import Policy

/// A report for programs; its `schema` changes when a member goes or means something else.
enum JSONFormat {
    static func text(of report: ScanReport, _ setting: ReportFormat.Setting) -> String {
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("schema", "patless.dev/scan/v1")
                json.member("version", setting.version)
                json.key("summary")
                json.object { json in
                    json.member("files", report.files)
                    json.member("objects", report.objects)
                    for severity in ScanFinding.Severity.allCases {
                        json.member(severity.rawValue, report.count(severity))
                    }
                    json.member("incomplete", report.isIncomplete)
                }
                json.key("findings")
                json.array { json in
                    for finding in report.findings { write(finding, &json) }
                }
                json.key("notes")
                json.array { json in
                    for note in report.notes {
                        json.object { json in
                            json.member("file", note.file)
                            if let line = note.line { json.member("line", line) }
                            json.member("message", note.what)
                            json.member("failure", note.isFailure)
                        }
                    }
                }
            }
        }
        return String(decoding: text, as: UTF8.self) + "\n"
    }

    private static func write(_ finding: ScanFinding, _ json: inout JSONWriter) {
        json.object { json in
            json.member("rule", finding.rule.rawValue)
            json.member("severity", finding.severity.rawValue)
            if let file = finding.file { json.member("file", file) }
            if let place = finding.place {
                json.member("line", place.line)
                json.member("column", place.column)
            }
            json.member("object", finding.subject)
            json.member("namespace", finding.namespace)
            json.member("field", finding.field)
            json.member("message", finding.message)
            json.member("fix", finding.fix)
            if !finding.remark.isEmpty { json.member("remark", finding.remark) }
        }
    }
}
