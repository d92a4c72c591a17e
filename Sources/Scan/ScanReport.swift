/// What a scan has found: findings in the order of files and lines, and what else is to be known.
package struct ScanReport: Sendable {
    package internal(set) var findings: [ScanFinding] = []
    package internal(set) var notes: [ScanNote] = []
    /// How many files were read; 0 for a cluster.
    package internal(set) var files = 0
    /// How many objects were judged.
    package internal(set) var objects = 0

    package init() {}

    package func count(_ severity: ScanFinding.Severity) -> Int {
        findings.count { $0.severity == severity }
    }

    package var isIncomplete: Bool {
        notes.contains(where: \.isFailure)
    }

    /// What makes a scan fail.
    package enum Threshold: String, CaseIterable, Sendable {
        /// A finding that the webhook would refuse.
        case deny
        /// One that it would warn of, too.
        case warn
        case never
    }

    package func fails(at threshold: Threshold) -> Bool {
        switch threshold {
        case .deny: count(.deny) > 0
        case .warn: count(.deny) + count(.warn) > 0
        case .never: false
        }
    }

    /// All of it in a sentence: `3 findings (2 deny, 1 warn) in 12 objects of 9 files`.
    package var summary: String {
        let severities = ScanFinding.Severity.allCases.compactMap { severity in
            let count = count(severity)
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        let found =
            findings.isEmpty
            ? "no finding"
            : "\(Self.plural(findings.count, "finding")) (\(severities.joined(separator: ", ")))"
        let place = Self.plural(objects, "object") + (files > 0 ? " of \(Self.plural(files, "file"))" : "")
        let missing = notes.count(where: \.isFailure)
        let gap = missing == 0 ? "" : "; \(Self.plural(missing, "thing")) could not be judged"
        return "\(found) in \(place)\(gap)"
    }

    static func plural(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    mutating func sort() {
        func precedes(_ left: ScanFinding, _ right: ScanFinding) -> Bool {
            let (first, second) = (left.file ?? left.subject, right.file ?? right.subject)
            if first != second { return first < second }
            let (line, other) = (left.place?.line ?? 0, right.place?.line ?? 0)
            return line == other ? left.place?.column ?? 0 < right.place?.column ?? 0 : line < other
        }
        findings.sort(by: precedes)
        notes.sort { ($0.file, $0.line ?? 0) < ($1.file, $1.line ?? 0) }
    }
}
