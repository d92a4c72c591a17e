import Markup
import Policy

/// Who is to have a workload identity, and whether it has come to the pods.
enum IdentitiesSection {
    static func html(_ overview: Overview) -> HTML {
        Page.section("identities", "Workload identities", content(overview))
    }

    private static func content(_ overview: Overview) -> HTML {
        guard !overview.policy.identities.isEmpty else {
            return
                "<p class=\"none\">The policy names none: nobody is given what replaces the credentials.</p>"
        }
        let (states, note): ([(identity: Identity, lack: String?)]?, HTML) =
            switch overview.identities {
            case .known(let states) where !states.isEmpty: (states, "")
            case .known: (nil, "<p class=\"none\">Not looked at yet.</p>")
            case .elsewhere:
                (
                    nil,
                    "<p class=\"none\">Another replica looks after them, and knows whether they are ready.</p>"
                )
            case .unattended:
                (
                    nil,
                    "<p class=\"none\">Given by the webhook alone; nobody looks whether they are ready.</p>"
                )
            }
        let rows =
            states?.map { row($0.identity, state($0.lack)) }
            ?? overview.policy.identities.map { row($0, "not known") }
        return "\(Page.table("Workload identities", ["ServiceAccount", "State"], rows))\n\(note)"
    }

    private static func row(_ identity: Identity, _ state: HTML) -> [HTML] {
        let deployment: HTML = identity.deployment.map { "<small>Deployment \($0)</small>" } ?? ""
        return ["\(identity.namespace)/\(identity.serviceAccount) \(deployment)", state]
    }

    private static func state(_ lack: String?) -> HTML {
        guard let lack else { return "<span class=\"many\">ready</span>" }
        return "<span class=\"few\">not ready</span> <small>\(lack)</small>"
    }

    /// In a few letters.
    static func share(_ identities: Overview.Identities) -> String {
        guard case .known(let states) = identities, !states.isEmpty else { return "not known" }
        return "\(states.count { $0.lack == nil }) of \(states.count)"
    }
}
