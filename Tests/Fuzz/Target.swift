/// What is fed with bytes that nobody would write, and what must hold whatever they are.
///
/// A target ends the process when something does not hold: that is what libFuzzer calls a crash.
enum Target: String, CaseIterable {
    case request, response, json, review, policy, kubeconfig, manifests, patch, url, trail, authority

    func feed(_ bytes: [UInt8]) {
        switch self {
        case .request: RequestTarget.feed(bytes)
        case .response: ResponseTarget.feed(bytes)
        case .json: JSONTarget.feed(bytes)
        case .review: ReviewTarget.feed(bytes)
        case .policy: PolicyTarget.feed(bytes)
        case .kubeconfig: KubeconfigTarget.feed(bytes)
        case .manifests: ManifestsTarget.feed(bytes)
        case .patch: PatchTarget.feed(bytes)
        case .url: URLTarget.feed(bytes)
        case .trail: TrailTarget.feed(bytes)
        case .authority: AuthorityTarget.feed(bytes)
        }
    }
}
