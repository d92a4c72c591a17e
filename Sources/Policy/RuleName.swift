/// The name of a rule, as it is written in a policy, a message, a log line and a metric.
package enum RuleName: String, CaseIterable, Sendable, Hashable {
    case secretRef = "secret-ref"
    case urlCredentials = "url-credentials"
    case gitHubAppKey = "github-app-key"
    case tokenExposure = "token-exposure"
    case sshKey = "ssh-key"
    case proxySecret = "proxy-secret"
    case providerMissing = "provider-missing"
    case submoduleToken = "submodule-token"
    case fluxSecret = "flux-secret"
    case plainSecret = "plain-secret"
    case identityConflict = "identity-conflict"
    case identityMalformed = "identity-malformed"
    case controllerCredential = "controller-credential"

    /// The rules that the webhook asks; of Secrets, it is sent none.
    package static let ofAdmission = allCases.filter { $0 != .plainSecret }

    /// What a policy that does not mention the rule makes of it.
    package var defaultMode: Mode {
        switch self {
        case .secretRef, .urlCredentials, .gitHubAppKey, .tokenExposure, .plainSecret: .deny
        default: .warn
        }
    }
}
