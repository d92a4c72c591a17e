package import Cluster
import HTTP
import JSON
import Kubernetes
package import Policy
package import Sockets
import Synchronization

/// Judges every Flux object that is in the cluster already, and goes on as they change.
///
/// One replica does it, the leader, with the evaluator that the webhook asks. Kinds whose definitions are not there are
/// waited for. When the policy is another, or a day begins by which an exemption or a date may end, it begins anew.
package final class ClusterScan: Sendable {
    private let server: APIServer
    private let policy: @Sendable () -> PolicySnapshot
    private let isLeader: @Sendable () -> Bool
    private let failed: @Sendable (ClusterError) -> Void
    private let state: Mutex<[Kind]>

    struct Kind: Sendable {
        let target: ScanTarget
        var table = ComplianceTable()
        /// Of the API; nil while the kind is not there.
        var apiVersion: String?
        /// When the last list was complete, in seconds since 1970; nil before that.
        var listedAt: Int?
        /// Whether the cluster was seen not to have it.
        var isAbsent = false
        /// By which policy, and on which day.
        var basis: Basis?
    }

    struct Basis: Sendable, Equatable {
        let policy: String
        let day: Int
    }

    /// `failed` is told why something could not be read.
    package init(
        _ server: APIServer,
        policy: @escaping @Sendable () -> PolicySnapshot,
        isLeader: @escaping @Sendable () -> Bool,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) {
        self.server = server
        self.policy = policy
        self.isLeader = isLeader
        self.failed = failed
        state = Mutex(ScanTarget.all.map { Kind(target: $0) })
    }

    /// Starts to look, each kind on a thread of its own.
    package func start() throws(SystemError) {
        for index in ScanTarget.all.indices {
            _ = try Thread(named: "scan") { self.follow(index) }
        }
    }

    private func follow(_ index: Int) {
        let target = ScanTarget.all[index]
        while true {
            var resource: Resource?
            var answered = false
            if isLeader() {
                do throws(ClusterError) {
                    resource = try server.resource(target.plural, in: target.group)
                    answered = true
                } catch {
                    failed(error)
                }
            }
            guard let resource else {
                let isAbsent = isLeader() && answered
                state.withLock { $0[index] = Kind(target: target, isAbsent: isAbsent) }
                Clock.sleep(milliseconds: isLeader() ? 15_000 : 1_000)
                continue
            }
            state.withLock { $0[index].apiVersion = resource.apiVersion }
            // Short watches, so that another policy or another leader is seen soon.
            Watch(server, resource, seconds: 20, page: 200, failed: failed).run(next: { self.next(index) }) {
                event in
                self.take(event, index)
            }
        }
    }

    private func next(_ index: Int) -> Watch.Next {
        guard isLeader() else { return .stop }
        return state.withLock { $0[index].basis } == basis ? .follow : .list
    }

    private var basis: Basis {
        Basis(policy: policy().hash, day: server.now / 86_400)
    }

    private func take(_ event: Watch.Event, _ index: Int) {
        switch event {
        case .reset:
            let basis = basis
            state.withLock {
                $0[index].basis = basis
                $0[index].table.beginList()
            }
        case .changed(let object): judge(object, index)
        case .deleted(let object):
            guard let metadata = try? ObjectMeta(of: object) else { return }
            state.withLock { $0[index].table.remove(metadata.namespace, metadata.name) }
        case .listed:
            let now = server.now
            state.withLock {
                $0[index].table.endList()
                $0[index].listedAt = now
            }
        }
    }

    private func judge(_ object: JSONValue, _ index: Int) {
        let target = ScanTarget.all[index]
        guard let metadata = try? ObjectMeta(of: object) else { return }
        // An item of a list has no kind of its own.
        let verdict = try? policy().evaluator.judge(
            object: object,
            target.kind,
            of: target.group,
            at: server.now
        )
        state.withLock { $0[index].table.note(metadata.namespace, metadata.name, verdict?.judgements ?? []) }
    }

    /// What is known of each kind that is there; nothing before every one was listed in full.
    var kinds: [Kind] {
        let kinds = isLeader() ? state.withLock { $0.filter { !$0.isAbsent } } : []
        return kinds.allSatisfy { $0.listedAt != nil } ? kinds : []
    }

    /// Objects by namespace: how many comply, and how many break which rule.
    var counts: [String: ComplianceCounts] {
        var counts: [String: ComplianceCounts] = [:]
        for kind in kinds { kind.table.count(into: &counts) }
        return counts
    }

    /// All of it in short; nil on a replica that does not lead, and before everything was looked at once.
    package var summary: ComplianceSummary? {
        let kinds = kinds
        guard let time = kinds.compactMap(\.listedAt).min() else { return nil }
        let counts = counts
        let shortfalls = counts.flatMap { namespace, counts in
            counts.rules.map { rule, number in
                ComplianceSummary.Shortfall(rule: rule, namespace: namespace, objects: number)
            }
        }
        return ComplianceSummary(
            time: time,
            objects: counts.values.reduce(0) { $0 + $1.objects },
            compliant: counts.values.reduce(0) { $0 + $1.compliant },
            shortfalls: shortfalls.sorted {
                ($1.objects, $0.namespace, $0.rule.rawValue) < ($0.objects, $1.namespace, $1.rule.rawValue)
            }
        )
    }
}
