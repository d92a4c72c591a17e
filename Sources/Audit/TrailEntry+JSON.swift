import JSON
import Kubernetes
import Policy

extension TrailEntry {
    /// Writes what is this entry's own as the members of an object that is open.
    func write(into json: inout JSONWriter) {
        switch self {
        case .start(let version, let policy):
            json.member("type", "start")
            json.member("serverVersion", version)
            json.member("policy", policy)
        case .decision(let record):
            json.member("type", "decision")
            record.write(into: &json)
        case .gap(let lost, let reason):
            json.member("type", "gap")
            json.member("lost", lost)
            json.member("reason", reason.rawValue)
        case .stop:
            json.member("type", "stop")
        }
    }
}

extension AuditRecord {
    /// A Deployment may have a finding for each of thousands of variables; nobody reads them all.
    private static let mostFindings = 16
    private static let mostGroups = 32
    /// No name that Kubernetes knows is longer.
    private static let longestName = 256
    private static let longestText = 1_024

    func write(into json: inout JSONWriter) {
        json.member("uid", cut(uid))
        json.member("webhook", webhook)
        json.member("operation", operation.rawValue)
        json.member("group", cut(group))
        json.member("version", cut(version))
        json.member("kind", cut(kind))
        json.member("namespace", Self.shown(namespace))
        json.member("name", Self.shown(name))
        json.member("user", cut(user))
        json.key("groups")
        json.array { json in
            for group in groups.prefix(Self.mostGroups) { json.string(cut(group)) }
        }
        json.member("dryRun", isDryRun)
        json.member("decision", verdict.decision.rawValue)
        json.key("findings")
        json.array { json in
            for judgement in verdict.judgements.prefix(Self.mostFindings) { Self.write(judgement, &json) }
        }
        if verdict.judgements.count > Self.mostFindings {
            json.member("moreFindings", verdict.judgements.count - Self.mostFindings)
        }
        if !verdict.patch.isEmpty {
            json.key("patch")
            json.array { json in
                for operation in verdict.patch.operations { json.string(operation.pointer) }
            }
        }
        json.member("policy", policyHash)
        json.member("microseconds", duration / 1_000)
    }

    private static func write(_ judgement: Judgement, _ json: inout JSONWriter) {
        json.object { json in
            json.member("rule", judgement.finding.rule.rawValue)
            json.member("field", judgement.finding.field.cut(to: longestName))
            json.member("message", judgement.finding.message.cut(to: longestText))
            json.member("outcome", judgement.disposition.label)
            if let exemption = judgement.exemption {
                json.key("exemption")
                json.object { json in
                    json.member("reason", exemption.reason.cut(to: longestText))
                    json.member("owner", exemption.owner.cut(to: longestName))
                    json.member("expires", "\(exemption.expires)")
                }
            }
        }
    }

    /// A name; what no object can be called is not repeated, for it may be anything.
    private static func shown(_ name: String) -> String {
        name.isEmpty ? "" : Shown.plain(name, or: "(not a valid name)")
    }

    private func cut(_ text: String) -> String {
        text.cut(to: Self.longestName)
    }

    /// About how many bytes it takes to keep it.
    package var weight: Int {
        1_024 + groups.reduce(0) { $0 + $1.utf8.count }
            + verdict.judgements.reduce(0) { $0 + $1.finding.message.utf8.count + 512 }
    }
}
