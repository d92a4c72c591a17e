/// What a rule tells people about itself.
package struct RuleDocumentation: Sendable, Equatable {
    /// What it finds, in one sentence.
    package let summary: String
    package let why: String
    /// YAML that it finds fault with.
    package let bad: String
    /// YAML that it has nothing against.
    package let good: String
    /// How to let an object pass all the same.
    package let exemption: String
}

extension RuleName {
    package var documentation: RuleDocumentation {
        switch self {
        case .secretRef: SecretRefRule.documentation
        case .urlCredentials: URLCredentialsRule.documentation
        case .gitHubAppKey: GitHubAppKeyRule.documentation
        case .tokenExposure: TokenExposureRule.documentation
        case .sshKey: SSHKeyRule.documentation
        case .proxySecret: ProxySecretRule.documentation
        case .providerMissing: ProviderMissingRule.documentation
        case .submoduleToken: SubmoduleTokenRule.documentation
        case .fluxSecret: FluxSecretRule.documentation
        case .plainSecret: PlainSecretRule.documentation
        case .identityConflict: IdentityConflictRule.documentation
        case .identityMalformed: IdentityMalformedRule.documentation
        case .controllerCredential: ControllerCredentialRule.documentation
        }
    }

    /// The entry of a policy file that lets one object break the rule for a while.
    var exemptionExample: String {
        """
        exemptions:
          - rules: [\(rawValue)]
            namespaces: [legacy]
            names: [my-object]
            reason: why this one has to wait
            owner: team@example.com
            expires: 2027-03-31
        """
    }
}
