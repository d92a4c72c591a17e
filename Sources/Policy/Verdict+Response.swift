import JSON
package import Kubernetes

/// The verdict in words, for the person at the terminal and for the API server.
extension Verdict {
    /// How many findings are told; a Deployment can have any number of them.
    private static let listed = 16

    /// How long a text may be; no finding comes near it.
    private static let longest = 1_024

    /// The answer to `review`; `policyHash`, if any, is noted in the API server's audit log.
    package func response(to review: AdmissionReview, policyHash: String? = nil) -> AdmissionResponse {
        var response = AdmissionResponse(to: review)
        response.auditAnnotations.append(.init("decision", decision.rawValue))
        if let policyHash { response.auditAnnotations.append(.init("policy", policyHash)) }
        guard !judgements.isEmpty || !patch.isEmpty else { return response }
        response.patch = patch
        response.warnings = warnings
        if !isAllowed { response.denial = .init(message: message, causes: causes) }
        for (key, value) in records {
            response.auditAnnotations.append(.init(key, value.cut(to: Self.longest)))
        }
        return response
    }

    /// Why the object is refused, on as many lines as it takes; empty when it is allowed.
    package var message: String {
        let denied = judgements.filter(\.isDenied)
        guard let first = denied.first else { return "" }
        var text = subject + " is refused"
        text += denied.count == 1 ? ":" : ", for \(denied.count) reasons:"
        for judgement in denied.prefix(Self.listed) {
            let finding = judgement.finding
            text += "\n\n  \(finding.field) (\(finding.rule.rawValue))"
            text += "\n    \(finding.message.cut(to: Self.longest))"
            text += "\n    Fix: \(finding.fix.cut(to: Self.longest))."
        }
        if denied.count > Self.listed { text += "\n\n  and \(denied.count - Self.listed) more" }
        return text + "\n\nMore: patless explain \(first.finding.rule.rawValue)"
    }

    /// What the person at the terminal is told beside the verdict, one finding each.
    ///
    /// The API server and kubectl drop what they have passed on before, line by line, so each warning is one line
    /// that says whose it is. No field has two findings of one rule, so that no two are the same.
    package var warnings: [String] {
        let warned = judgements.compactMap { judgement -> String? in
            guard case .warned(let leniency) = judgement.disposition else { return nil }
            let finding = judgement.finding
            let head = "\(shortPlace): \(finding.field) (\(finding.rule.rawValue))"
            return "\(head): \(finding.brief).\(leniency.remark)"
        }
        guard warned.count > Self.listed else { return warned }
        return warned.prefix(Self.listed) + ["\(shortPlace): \(warned.count - Self.listed) more findings."]
    }

    /// The place with the middle of a long one left out, so that a finding fits in behind it.
    private var shortPlace: String {
        guard place.utf8.count > 100 else { return place }
        return "\(place.prefix(60))...\(place.suffix(37))"
    }

    private var causes: [AdmissionResponse.Cause] {
        judgements.filter(\.isDenied).prefix(Self.listed).map(\.finding).map { finding in
            .init(
                reason: finding.rule.rawValue,
                message:
                    "\(finding.message.cut(to: Self.longest)) Fix: \(finding.fix.cut(to: Self.longest)).",
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
        case .until(let day): " Will be refused from \(day)."
        case .existing: " Was there before this update."
        }
    }
}
