import Kubernetes
import Policy

/// A kind of object that the scan looks at, if the cluster has it.
struct ScanTarget: Sendable, Equatable {
    let group: String
    let kind: String
    let plural: String

    static let all =
        [ScanTarget(group: GitRepository.group, kind: GitRepository.kind, plural: "gitrepositories")]
        + FluxKind.all.map { ScanTarget(group: $0.group, kind: $0.kind, plural: $0.plural) }
}
