package import Cluster
import HTTP
import JSON
import Kubernetes
package import Logging
package import Policy
package import Sockets
import Synchronization

/// Gives what exists already what the mutating webhook gives to what is created, and tells whether it has come to pods.
///
/// One replica does it, the leader: by server-side apply, with only the keys that are missing. The webhook sees an object
/// when somebody writes it; nobody may for months.
package final class Backfill: Sendable {
    /// What became of an identity.
    enum State: Sendable, Equatable {
        /// Its running pods, if it names a Deployment, act as it.
        case ready
        /// In words, why not.
        case missing(String)
    }

    /// What was applied to, and whether that succeeded.
    struct Attempt: Hashable, Comparable, Sendable {
        let kind: String
        let isApplied: Bool

        static func < (left: Attempt, right: Attempt) -> Bool {
            (left.kind, left.isApplied ? 0 : 1) < (right.kind, right.isApplied ? 0 : 1)
        }
    }

    private let attempts = Mutex<[Attempt: Int]>([:])
    package let leadership: Leadership
    private let server: APIServer
    private let policy: @Sendable () -> PolicySnapshot
    private let restarts: Bool
    private let reporter: String
    private let logger: Logger
    private let bell: Bell
    private let state = Mutex<[(identity: Identity, state: State)]>([])

    static let manager = "patless"
    /// Which identity a Deployment was restarted for: so that it is restarted once.
    static let restartedFor = "patless.dev/restarted-for"

    /// `reporter` is this replica's name; with `restarts`, Deployments whose pods lack their identity are restarted, once.
    package init(
        _ server: APIServer,
        leadership: Leadership,
        policy: @escaping @Sendable () -> PolicySnapshot,
        restarts: Bool,
        reporter: String,
        logger: Logger
    ) throws(SystemError) {
        self.server = server
        self.leadership = leadership
        self.policy = policy
        self.restarts = restarts
        self.reporter = reporter
        self.logger = logger
        bell = try Bell()
    }

    /// What is known of each identity; nothing on a replica that does not lead.
    var identities: [(identity: Identity, state: State)] {
        leadership.isHeld ? state.withLock { $0 } : []
    }

    /// Has it look again: the policy has changed.
    package func look() {
        bell.ring()
    }

    /// Starts to look, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "backfill") {
            // By which policy it was looked last; nil before that.
            var looked: String?
            var due = Int.min
            while true {
                let hash = self.policy().hash
                if !self.leadership.isHeld {
                    looked = nil
                } else if looked != hash || Clock.monotonic >= due {
                    self.lookAtAll()
                    looked = hash
                    due = Clock.monotonic + 30 * Limits.second
                }
                self.bell.wait(milliseconds: 1_000)
            }
        }
    }

    private func lookAtAll() {
        let snapshot = policy()
        let before = state.withLock { $0 }
        var found: [(identity: Identity, state: State)] = []
        for identity in snapshot.evaluator.policy.identities {
            let seen: State
            do {
                seen = try IdentityFitting(self, server, identity, snapshot.evaluator).fit(restarts: restarts)
            } catch {
                seen = .missing("\(error)")
            }
            found.append((identity, seen))
            if before.first(where: { $0.identity == identity })?.state != seen {
                tell(identity, seen)
            }
        }
        state.withLock { $0 = found }
    }

    func count(_ kind: String, isApplied: Bool) {
        attempts.withLock { $0[Attempt(kind: kind, isApplied: isApplied), default: 0] += 1 }
    }

    var counts: [Attempt: Int] {
        attempts.withLock { $0 }
    }

    /// Says what has become of an identity: in the log, and as an Event where people look.
    private func tell(_ identity: Identity, _ state: State) {
        let metadata: Logger.Metadata = [
            "namespace": "\(identity.namespace)", "serviceAccount": "\(identity.serviceAccount)",
        ]
        guard case .missing(let reason) = state else {
            return logger.notice("an identity is complete", metadata: metadata)
        }
        logger.warning("an identity is missing", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        guard let deployment = identity.deployment else { return }
        let note = ClusterEvent(
            regarding: .init(
                apiVersion: Resource.deployments.apiVersion,
                kind: Resource.deployments.kind,
                namespace: identity.namespace,
                name: deployment
            ),
            reason: "IdentityMissing",
            action: "CheckIdentity",
            note: reason,
            reporter: reporter
        )
        do throws(ClusterError) {
            _ = try server.send(note.request(at: server.now))
        } catch {
            logger.info("an Event was not written", metadata: ["reason": "\(error)"])
        }
    }
}
