import Kubernetes

/// Finds a credential that is written in `spec.url` itself.
enum URLCredentialsRule {
    /// Query parameters that carry a credential on the Git hosts, clouds and gateways in use, `-` being `_`.
    ///
    /// Not here: what only names somebody or something (`user`, `client_id`, `path`, `ref`, `version`).
    private static let credentialParameters = [
        "access_token", "accesstoken", "auth_token", "authtoken", "bearer", "bearer_token", "id_token",
        "job_token", "jwt", "oauth_token", "pat", "personal_access_token", "private_token", "refresh_token",
        "token", "access_key", "api_key", "apikey", "code", "key", "private_key", "subscription_key",
        "ocp_apim_subscription_key", "auth", "authorization", "client_secret", "credential", "credentials",
        "pass", "passwd", "password", "pwd", "secret", "sig", "signature", "x_amz_credential",
        "x_amz_security_token", "x_amz_signature", "x_goog_credential", "x_goog_signature",
    ].map { Array($0.utf8) }

    static func findings(in subject: Subject) -> [Finding] {
        let url = subject.url
        var places: [String] = []
        var evidence: [[UInt8]] = []

        if !url.password.isEmpty { places.append("a password") }
        if isSuspect(url.userName, in: subject) {
            places.append("a user name that may itself be a token")
        }
        if !places.isEmpty { evidence += [url.userName, url.password] }

        var parameters: [[UInt8]] = []
        for item in url.queryItems where isCredential(item.name) {
            if !parameters.contains(item.name) { parameters.append(item.name) }
            evidence += [item.name, Array(item.value)]
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
                evidence: Evidence([subject.destination] + evidence)
            )
        ]
    }

    /// The first few of these names, all of which are known ones.
    private static func description(of parameters: [[UInt8]]) -> String {
        let names = parameters.prefix(3).map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
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

    private static func isCredential(_ name: [UInt8]) -> Bool {
        let name = name.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
        return credentialParameters.contains(name)
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
