import Policy

/// What a policy says, as CEL expressions.
enum CEL {
    /// A pattern of all hosts that may have the Entra token.
    static func trusted(_ policy: Policy) -> String {
        let hosts = policy.azureDevOpsHosts.map { host in
            host.hasPrefix("*.") ? "([a-z0-9-]+\\.)+" + quote(String(host.dropFirst(2))) : quote(host)
        }
        // Of no host there is a pattern that nothing matches.
        return hosts.isEmpty ? "'a^'" : "r'^(\(hosts.joined(separator: "|")))$'"
    }

    static func authorities(_ policy: Policy) -> String {
        let names = policy.certificateAuthoritySecrets.map { "'\($0.namespace)/\($0.name)'" }
        return "[\(names.joined(separator: ", "))]"
    }

    /// Whether an object may break the rule.
    static func exempt(_ exemption: Exemption) -> String {
        func pattern(_ globs: [String]) -> String {
            "r'^(\(globs.map { quote($0).replacing("\\*", with: ".*") }.joined(separator: "|")))$'"
        }
        let namespaces = pattern(exemption.namespaces)
        return
            "request.namespace.matches(\(namespaces)) && variables.name.matches(\(pattern(exemption.names)))"
    }

    /// As Go's regexp.QuoteMeta.
    private static func quote(_ text: String) -> String {
        text.reduce(into: "") { quoted, character in
            if "\\.+*?()|[]{}^$".contains(character) { quoted += "\\" }
            quoted.append(character)
        }
    }
}
