import JSON
import Kubernetes
import Policy

/// A report in SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for beyond it.
enum SARIFFormat {
    static func text(of report: ScanReport, _ setting: ReportFormat.Setting) -> String {
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                json.member("version", "2.1.0")
                json.key("runs")
                json.array { json in
                    json.object { json in
                        json.key("tool")
                        json.object { json in
                            json.key("driver")
                            driver(setting, &json)
                        }
                        json.member("columnKind", "unicodeCodePoints")
                        json.key("results")
                        json.array { json in
                            for finding in report.findings { result(finding, &json) }
                        }
                        json.key("invocations")
                        json.array { json in invocation(report, &json) }
                    }
                }
            }
        }
        return String(decoding: text, as: UTF8.self) + "\n"
    }

    private static func driver(_ setting: ReportFormat.Setting, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", "patless")
            json.member("semanticVersion", setting.version)
            json.key("rules")
            json.array { json in
                for rule in RuleName.allCases { descriptor(rule, &json) }
            }
        }
    }

    private static func descriptor(_ rule: RuleName, _ json: inout JSONWriter) {
        let documentation = rule.documentation
        let isGrave = rule.defaultMode == .deny
        json.object { json in
            json.member("id", rule.rawValue)
            json.key("shortDescription")
            json.object { $0.member("text", documentation.summary) }
            json.key("fullDescription")
            json.object { $0.member("text", documentation.why) }
            json.key("help")
            json.object { json in
                json.member("text", "\(documentation.why)\n\nWrite instead:\n\n\(documentation.good)")
                json.member(
                    "markdown",
                    "\(documentation.why)\n\nWrite instead:\n\n```yaml\n\(documentation.good)\n```"
                )
            }
            json.key("defaultConfiguration")
            json.object { $0.member("level", isGrave ? "error" : "warning") }
            json.key("properties")
            json.object { json in
                json.key("tags")
                json.array { $0.string("security") }
                json.member("security-severity", isGrave ? "8.0" : "5.0")
            }
        }
    }

    private static func result(_ finding: ScanFinding, _ json: inout JSONWriter) {
        json.object { json in
            json.member("ruleId", finding.rule.rawValue)
            json.member("ruleIndex", RuleName.allCases.firstIndex(of: finding.rule) ?? -1)
            json.member("level", level(finding))
            json.key("message")
            json.object {
                $0.member(
                    "text",
                    "\(finding.subject): \(finding.field) \(finding.message) Fix: \(finding.fix)"
                )
            }
            json.key("locations")
            json.array { location(finding, &$0) }
            json.key("partialFingerprints")
            json.object {
                $0.member("patless/v1", "\(finding.rule.rawValue)/\(finding.subject)/\(finding.field)")
            }
            suppression(finding, &json)
        }
    }

    private static func location(_ finding: ScanFinding, _ json: inout JSONWriter) {
        json.object { json in
            if let file = finding.file {
                json.key("physicalLocation")
                json.object { json in
                    json.key("artifactLocation")
                    json.object { $0.member("uri", uri(file)) }
                    if let place = finding.place {
                        json.key("region")
                        json.object { json in
                            json.member("startLine", place.line)
                            json.member("startColumn", place.column)
                        }
                    }
                }
            }
            json.key("logicalLocations")
            json.array { json in
                json.object { json in
                    json.member("fullyQualifiedName", finding.subject)
                    json.member("kind", "resource")
                }
            }
        }
    }

    private static func suppression(_ finding: ScanFinding, _ json: inout JSONWriter) {
        guard finding.severity == .known || finding.severity == .exempt else { return }
        json.key("suppressions")
        json.array { json in
            json.object { json in
                json.member("kind", "external")
                json.member("status", "accepted")
                json.member("justification", finding.isKnown ? "in the baseline" : finding.remark)
            }
        }
    }

    private static func invocation(_ report: ScanReport, _ json: inout JSONWriter) {
        json.object { json in
            json.member("executionSuccessful", !report.isIncomplete)
            json.key("toolExecutionNotifications")
            json.array { json in
                for note in report.notes {
                    json.object { json in
                        json.member("level", note.isFailure ? "error" : "note")
                        json.key("message")
                        json.object { $0.member("text", "\(note.location): \(note.what)") }
                    }
                }
            }
        }
    }

    private static func level(_ finding: ScanFinding) -> String {
        switch finding.disposition {
        case .denied: "error"
        case .warned: "warning"
        case .audited, .exempted: "note"
        }
    }

    /// A path as a reference (RFC 3986): relative ones are from the root of the repository.
    static func uri(_ path: String) -> String {
        var uri = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            let isPlain = ASCII.isAlphanumeric(byte) || "-._~/".utf8.contains(byte)
            uri +=
                isPlain
                ? String(Unicode.Scalar(byte))
                : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return uri
    }
}
