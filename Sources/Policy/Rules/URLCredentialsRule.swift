import Kubernetes

/// Finds a credential that is written in `spec.url` itself.
enum URLCredentialsRule {
    /// Query parameters that carry a credential on the Git hosts, clouds and gateways in use, `-` being `_`.
    ///
    /// Not here: what only names somebody or something (`user`, `client_id`, `path`, `ref`, `version`).
    private static let credentialParameters = [
        "access_token", "api_key", "auth", "authorization", "bearer", "client_secret", "code", "job_token",
        "jwt", "key",
        "oauth_token", "pass", "passwd", "pat", "private_token", "pwd", "sas", "sig", "token",
        "x_amz_credential", "x_goog_credential",
    ]

    /// Ends of names that say as much: `access_token`, `X-API-Key`, `client_secret`.
    private static let credentialEndings = [
        "token", "_key", "apikey", "accesskey", "secret", "password", "credential", "credentials",
        "signature",
    ]

    static func findings(in subject: Subject) -> [Finding] {
        let url = subject.url
        var places: [String] = []
        var evidence: [[UInt8]] = []

        if !url.password.isEmpty { places.append("a password") }
        if isSuspect(url.userName, in: subject) {
            places.append("a user name that may itself be a token")
        }
        if !places.isEmpty { evidence.append(url.userName + [UInt8(ascii: ":")] + url.password) }

        var parameters: [String] = []
        for item in url.queryItems {
            guard let name = credentialParameter(item.name) else { continue }
            if !parameters.contains(name) { parameters.append(name) }
            evidence.append(item.name + [UInt8(ascii: "=")] + item.value)
        }
        if !parameters.isEmpty { places.append(description(of: parameters)) }
        guard !places.isEmpty else { return [] }

        return [
            Finding(
                .urlCredentials,
                "spec.url",
                message: "carries a credential (\(places.joined(separator: ", "))) to everybody who can read "
                    + "the object; shown without it: \(url.redacted)",
                fix: "revoke that credential, for it has been sent; then \(subject.keylessFix)",
                brief: "credential in the URL; revoke and remove it",
                evidence: Evidence([subject.destination], items: evidence)
            )
        ]
    }

    /// The first few of these names.
    private static func description(of parameters: [String]) -> String {
        let names = parameters.prefix(3).map { "\"\($0)\"" }
        let rest = parameters.count > 3 ? " and \(parameters.count - 3) more" : ""
        let noun = parameters.count == 1 ? "parameter" : "parameters"
        return "the query \(noun) \(names.joined(separator: ", "))\(rest)"
    }

    /// Whether a user name over http or https can be a token: `git` and Azure DevOps' own form are none.
    private static func isSuspect(_ name: [UInt8], in subject: Subject) -> Bool {
        guard subject.url.scheme == .http || subject.url.scheme == .https,
            !name.isEmpty, !name.elementsEqual("git".utf8)
        else { return false }
        guard let organization = subject.url.azureDevOpsOrganization else { return true }
        return name.map(ASCII.lowercased) != organization.map(ASCII.lowercased)
    }

    /// What a parameter that carries a credential is called here; nil for another one.
    ///
    /// Of a name that only ends as they do no more is told than its end: the rest may be anything.
    private static func credentialParameter(_ name: [UInt8]) -> String? {
        let name = name.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
        if let known = credentialParameters.first(where: { name.elementsEqual($0.utf8) }) { return known }
        return credentialEndings.first { ending in
            name.count >= ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
        }.map { name.elementsEqual($0.utf8) ? $0 : "…\($0)" }
    }

    static let documentation = RuleDocumentation(
        summary: "The URL of a GitRepository carries a password, or a token as user name or in its query.",
        why: """
            Whoever may read the GitRepository, its events or the controller's logs reads the credential. On \
            Azure DevOps and GitHub a token works as user name alone, so over http and https a user name is \
            refused too, unless it is "git" or the Azure DevOps organisation.
            """,
        bad: """
            spec:
              url: https://flux:TOKEN@dev.azure.com/contoso/platform/_git/fleet
            """,
        good: """
            spec:
              url: https://dev.azure.com/contoso/platform/_git/fleet
              provider: azure
            """,
        exemption: RuleName.urlCredentials.exemptionExample
    )
}
