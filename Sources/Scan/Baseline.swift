package import JSON
import Policy

/// Findings that are known already, so that only new ones fail.
///
/// A finding is known again by rule, file, object and field, not by its line. No value is in it, so it can be committed.
package struct Baseline: Sendable {
    private static let schema = "patless.dev/baseline/v1"

    private struct Key: Hashable {
        let rule: String
        let file: String
        let subject: String
        let field: String
    }

    /// How often each is there.
    private var counts: [Key: Int] = [:]

    /// All findings of a report, but for those that are exempt: an exemption ends.
    package init(of report: ScanReport) {
        for finding in report.findings where finding.severity != .exempt {
            counts[Self.key(of: finding), default: 0] += 1
        }
    }

    /// The one that `text`, which ``json`` wrote, says; nil when it is none.
    package init?(_ text: JSONValue) {
        guard (try? text.member("schema"))??.equals(Self.schema) == true,
            let findings = (try? text.member("findings")) ?? nil, findings.has(.array)
        else { return nil }
        for finding in findings.elements {
            func member(_ name: String) -> String? { (try? finding.member(name))??.string }
            guard let rule = member("rule"), let file = member("file"), let subject = member("object"),
                let field = member("field")
            else { return nil }
            counts[Key(rule: rule, file: file, subject: subject, field: field), default: 0] += 1
        }
    }

    /// Marks the findings that are in it; each entry stands for one.
    package func apply(to report: inout ScanReport) {
        var left = counts
        for index in report.findings.indices where report.findings[index].severity != .exempt {
            let key = Self.key(of: report.findings[index])
            guard let count = left[key], count > 0 else { continue }
            left[key] = count - 1
            report.findings[index].isKnown = true
        }
    }

    /// One finding a line, in an order that does not change, so that a diff shows what came and went.
    package var json: [UInt8] {
        let entries = counts.flatMap { key, count in Array(repeating: key, count: count) }
            .sorted { ($0.file, $0.subject, $0.rule, $0.field) < ($1.file, $1.subject, $1.rule, $1.field) }
            .map { key in
                var line: [UInt8] = []
                line.writeJSON { json in
                    json.object { json in
                        json.member("rule", key.rule)
                        json.member("file", key.file)
                        json.member("object", key.subject)
                        json.member("field", key.field)
                    }
                }
                return "    \(String(decoding: line, as: UTF8.self))"
            }
        let list = entries.isEmpty ? "[]" : "[\n\(entries.joined(separator: ",\n"))\n  ]"
        return Array("{\n  \"schema\": \"\(Self.schema)\",\n  \"findings\": \(list)\n}\n".utf8)
    }

    private static func key(of finding: ScanFinding) -> Key {
        Key(
            rule: finding.rule.rawValue,
            file: finding.file ?? "",
            subject: finding.subject,
            field: finding.field
        )
    }
}
