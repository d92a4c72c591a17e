import JSON
package import Sockets
import Synchronization

/// Which of several replicas does what only one may do: the holder of a Lease (coordination.k8s.io/v1).
///
/// As client-go's leader election: the holder renews the Lease, and whoever has seen it unchanged for its whole duration,
/// on a clock of its own, takes it. A holder that could not renew in time has stopped to be one before that.
package final class Leadership: Sendable {
    private let server: APIServer
    private let namespace: String
    private let name: String
    private let identity: String
    private let failed: @Sendable (ClusterError) -> Void
    /// Until when we lead, on the monotonic clock.
    private let leadsUntil = Atomic(Int.min)
    /// Held while the Lease is being written, so that nothing comes after a release.
    private let state = Mutex(State())

    private struct State {
        /// The Lease as it was seen last, and when that was.
        var seen: (version: String, at: Int)?
        var isReleased = false
    }

    /// How long a Lease is good for without being renewed.
    private static let duration = 15
    private static let second = 1_000_000_000

    /// A candidate called `identity` for the Lease `name`.
    package init(
        _ server: APIServer,
        namespace: String,
        name: String,
        identity: String,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) {
        self.server = server
        self.namespace = namespace
        self.name = name
        self.identity = identity
        self.failed = failed
    }

    /// Whether we lead at this moment.
    package var isHeld: Bool {
        Clock.monotonic < leadsUntil.load(ordering: .acquiring)
    }

    /// Starts to get and keep the Lease, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "lease") {
            while true {
                self.step()
                Clock.sleep(milliseconds: 3_000)
            }
        }
    }

    private func step() {
        state.withLock { state in
            guard !state.isReleased else { return }
            do throws(ClusterError) {
                try step(&state)
            } catch {
                // Another one was quicker: that is how it is meant to be.
                if !error.isConflict { failed(error) }
            }
        }
    }

    /// Gives the Lease up, so that another one need not wait for its end.
    package func release() {
        state.withLock { state in
            state.isReleased = true
            guard isHeld, let version = state.seen?.version else { return }
            leadsUntil.store(.min, ordering: .releasing)
            _ = try? server.send(
                .patch(
                    .leases,
                    namespace,
                    name,
                    .merge,
                    object(at: version) { $0.member("holderIdentity", "") }
                )
            )
        }
    }

    private func step(_ state: inout State) throws(ClusterError) {
        let began = Clock.monotonic
        let current: JSONValue
        do throws(ClusterError) {
            current = try server.send(.get(.leases, namespace, name)).root
        } catch {
            guard error.isNotFound else { throw error }
            let made = try server.send(.create(.leases, namespace, lease(acquiring: true, transitions: 0)))
            return lead(&state, made.root, since: began)
        }
        let version = current["metadata"]?["resourceVersion"]?.string ?? ""
        if state.seen?.version != version {
            state.seen = (version, began)
        }
        let spec = current["spec"]
        let holder = spec?["holderIdentity"]?.string ?? ""
        let isOurs = holder == identity
        let lasts = spec?["leaseDurationSeconds"]?.number.flatMap { Int($0) } ?? Self.duration
        let isOver = holder.isEmpty || began - (state.seen?.at ?? began) > lasts * Self.second
        guard isOurs || isOver else { return }
        let transitions = spec?["leaseTransitions"]?.number.flatMap { Int($0) } ?? 0
        let patch = lease(
            at: version,
            acquiring: !isOurs,
            transitions: isOurs ? transitions : transitions + 1
        )
        lead(&state, try server.send(.patch(.leases, namespace, name, .merge, patch)).root, since: began)
    }

    private func lead(_ state: inout State, _ lease: JSONValue, since began: Int) {
        state.seen = (lease["metadata"]?["resourceVersion"]?.string ?? "", began)
        // A little less than what the others wait.
        leadsUntil.store(began + (Self.duration - 5) * Self.second, ordering: .releasing)
    }

    /// The Lease as we want it, or a merge patch of the one that has `version`.
    private func lease(at version: String? = nil, acquiring: Bool, transitions: Int) -> [UInt8] {
        let now = Timestamp.micro(server.now)
        return object(at: version) { json in
            json.member("holderIdentity", identity)
            json.member("leaseDurationSeconds", Self.duration)
            json.member("renewTime", now)
            if acquiring { json.member("acquireTime", now) }
            json.member("leaseTransitions", transitions)
        }
    }

    private func object(at version: String?, spec: (inout JSONWriter) -> Void) -> [UInt8] {
        var object: [UInt8] = []
        object.writeJSON { json in
            json.object { json in
                json.member("apiVersion", Resource.leases.apiVersion)
                json.member("kind", Resource.leases.kind)
                json.key("metadata")
                json.object { json in
                    json.member("name", name)
                    // A patch of another version is refused as a conflict.
                    if let version { json.member("resourceVersion", version) }
                }
                json.key("spec")
                json.object(spec)
            }
        }
        return object
    }
}
