package import Policy

/// What a rule finds on an object of a file or of a cluster, and where that is.
package struct ScanFinding: Sendable {
    package let rule: RuleName
    /// Such as `GitRepository apps/fleet`.
    package let subject: String
    /// Where the object is; empty when that is not said.
    package let namespace: String
    /// Such as `spec.secretRef`.
    package let field: String
    package let message: String
    package let fix: String
    package let disposition: Judgement.Disposition
    /// The file, and where in it; nil in a cluster.
    package let file: String?
    package let place: Place?
    /// Whether the baseline has it, so that it fails nothing.
    package internal(set) var isKnown = false

    /// How bad it is, once exemptions and the baseline are considered.
    package enum Severity: String, CaseIterable, Sendable {
        case deny, warn, audit, exempt, known
    }

    package var severity: Severity {
        if isKnown { return .known }
        switch disposition {
        case .denied: return .deny
        case .warned: return .warn
        case .audited: return .audit
        case .exempted: return .exempt
        }
    }

    /// Why it is not denied, or nothing.
    package var remark: String {
        switch disposition {
        case .warned(.until(let day)): "will be denied from \(day) on"
        case .exempted(let exemption):
            "exempt until \(exemption.expires): \(exemption.reason) (\(exemption.owner))"
        default: ""
        }
    }

    /// Such as `apps/fleet.yaml:9:3`, or the object where there is no file.
    package var location: String {
        guard let file = file.map(Excerpt.line) else { return subject }
        return place.map { "\(file):\($0.line):\($0.column)" } ?? file
    }
}

/// Something about a file that a person has to know, which is no finding.
package struct ScanNote: Sendable, Equatable {
    package let file: String
    package let line: Int?
    package let what: String
    /// Whether something was not judged that may break a rule.
    package let isFailure: Bool

    package init(_ file: String, line: Int? = nil, _ what: String, isFailure: Bool = false) {
        self.file = file
        self.line = line
        self.what = Excerpt.line(what)
        self.isFailure = isFailure
    }

    package var location: String {
        let file = Excerpt.line(file)
        return line.map { "\(file):\($0)" } ?? file
    }
}
