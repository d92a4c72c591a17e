import JSON
package import Kubernetes

/// The verdict in words, for the person at the terminal and for the API server.
extension Verdict {
    package func response(to review: AdmissionReview) -> AdmissionResponse {
        var response = AdmissionResponse(to: review)
        guard !judgements.isEmpty || !patch.isEmpty else { return response }
        response.patch = patch
        response.warnings = warnings
        if !isAllowed { response.denial = .init(message: message, causes: causes) }
        response.auditAnnotations.append(.init("decision", decision.rawValue))
        for (key, value) in records { response.auditAnnotations.append(.init(key, value)) }
        return response
    }

    /// Why the object is refused, on as many lines as it takes; empty when it is allowed.
    package var message: String {
        let denied = judgements.filter(\.isDenied)
        guard let first = denied.first else { return "" }
        var text = subject + " is refused"
        text += denied.count == 1 ? ":" : ", for \(denied.count) reasons:"
        for judgement in denied {
            let finding = judgement.finding
            text += "\n\n  \(finding.field) (\(finding.rule.rawValue))"
            text += "\n    \(finding.message)"
            text += "\n    Fix: \(finding.fix)."
        }
        return text + "\n\nMore: patless explain \(first.finding.rule.rawValue)"
    }

    /// What the person at the terminal is told beside the verdict, one finding each.
    package var warnings: [String] {
        judgements.compactMap { judgement in
            guard case .warned(let leniency) = judgement.disposition else { return nil }
            let finding = judgement.finding
            let text = "\(subject): \(finding.field) (\(finding.rule.rawValue)): \(finding.message)"
            return text + leniency.remark + " Fix: \(finding.fix)."
        }
    }

    private var causes: [AdmissionResponse.Cause] {
        judgements.filter(\.isDenied).map(\.finding).map { finding in
            .init(
                reason: finding.rule.rawValue,
                message: "\(finding.message) Fix: \(finding.fix).",
                field: finding.field
            )
        }
    }

    private var records: [(String, String)] {
        var records: [(String, String)] = []
        let findings = judgements.filter { $0.exemption == nil }.map {
            "\($0.finding.rule.rawValue)=\($0.disposition.label)"
        }
        if !findings.isEmpty { records.append(("findings", findings.joined(separator: ","))) }
        let exempted = judgements.compactMap { judgement in
            judgement.exemption.map {
                "\(judgement.finding.rule.rawValue): \($0.reason) (\($0.owner), until \($0.expires))"
            }
        }
        if !exempted.isEmpty { records.append(("exempted", exempted.joined(separator: "; "))) }
        return records
    }
}

extension Judgement.Leniency {
    fileprivate var remark: String {
        switch self {
        case .mode: ""
        case .until(let day): " It will be refused from \(day) on."
        case .existing: " It was there before this update, so it is allowed for now."
        }
    }
}
