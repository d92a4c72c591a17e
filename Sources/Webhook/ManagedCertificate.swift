package import Cluster
package import HTTP
package import Logging
package import Sockets
import Synchronization
package import TLS

/// The serving certificate of a replica that looks after it by itself.
///
/// The replicas share an authority, in a Secret. Each signs its own leaf, which never leaves its memory, sees to it that
/// the webhook configurations trust the authority, and renews leaf and authority after two thirds of their life. A new
/// authority is first added to the bundles, and signs only once they have it; the one before stays until it expires. All
/// times are those of the API server, which is who judges certificates.
package final class ManagedCertificate: ServingCertificate {
    /// How long certificates are good for, in seconds.
    package struct Lifetimes: Sendable {
        package var authority: Int
        package var leaf: Int

        package init(authority: Int, leaf: Int) {
            self.authority = authority
            self.leaf = leaf
        }

        /// How long API servers are given to hear of a changed configuration.
        var settling: Int { min(5, max(1, leaf / 20)) }
        /// How long a bundle keeps what it had before a new authority.
        ///
        /// After a Secret was lost nothing is known of the authority before, and the other replicas
        /// serve it until they have heard of the new one. No longer, since a Secret may be deleted because it leaked.
        var overlap: Int { min(3_600, max(5, leaf / 2)) }
    }

    package let changes = CounterTable<ChangeOutcome>()
    private let server: APIServer
    private let installation: Installation
    private let lifetimes: Lifetimes
    private let clients: @Sendable () -> ClientVerification?
    private let logger: Logger
    private let bell: Bell
    private let state: Mutex<State>

    private struct State {
        var context: TLSContext
        /// What is served; nil before the first leaf was issued.
        var leaf: IssuedLeaf?
        var clients: ClientVerification?
        /// The authority that signed the leaf.
        var signer: CertificateAuthority?
        /// Since when all configurations have been seen to trust the newest authority, on the monotonic clock.
        var trusted: (authority: [UInt8], since: Int)?
        var failure: String? = "the certificate authority has not been read yet"
    }

    /// A replica of `installation`; `clients` says whom to serve.
    package init(
        _ server: APIServer,
        _ installation: Installation,
        lifetimes: Lifetimes,
        clients: @escaping @Sendable () -> ClientVerification?,
        logger: Logger
    ) throws {
        self.server = server
        self.installation = installation
        self.lifetimes = lifetimes
        self.clients = clients
        self.logger = logger
        bell = try Bell()
        // Until the first leaf: a certificate that nobody trusts.
        let now = Clock.wall / Limits.second
        let nobody = try CertificateAuthority.issue(named: "nobody", at: now, lifetime: 3_600)
        let leaf = try nobody.issueLeaf(for: [installation.host], at: now, lifetime: 3_600)
        state = Mutex(State(context: try TLSContext(leaf, clients: clients())))
    }

    package var current: TLSContext { state.withLock { $0.context } }
    package var failure: String? { state.withLock { $0.failure } }
    package var authorityExpires: Int? { state.withLock { $0.signer?.expires } }
    /// Whether there is a leaf that the authority signed.
    package var isIssued: Bool { state.withLock { $0.leaf != nil } }

    /// Has it look again: something that it depends on may have changed.
    package func look() {
        bell.ring()
    }

    /// Starts to look after it, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "certificate") {
            var backoff = Backoff(first: 250_000_000, most: 10_000_000_000)
            while true {
                self.bell.wait(milliseconds: self.step(&backoff))
            }
        }
    }

    /// Does what is to be done; how long until there may be more, in milliseconds.
    private func step(_ backoff: inout Backoff) -> Int {
        do throws(ClusterError) {
            try renew()
            state.withLock { $0.failure = nil }
            backoff.reset()
            return patience
        } catch {
            // Another replica was quicker: look at what it did.
            if error.isConflict { return Int.random(in: 10...200) }
            let isNew = state.withLock { state in
                defer { state.failure = error.description }
                return state.failure != error.description
            }
            if isNew {
                changes.add(.failure)
                logger.error("the certificate cannot be looked after", metadata: ["reason": "\(error)"])
            }
            return backoff.next() / 1_000_000
        }
    }

    /// Until the next renewal, but no more than a minute.
    private var patience: Int {
        let (due, isSettling) = state.withLock { state in
            let ends = [
                state.leaf.map { ($0.issued, $0.expires) }, state.signer.map { ($0.issued, $0.expires) },
            ]
            let isSettling =
                state.trusted?.authority != nil && state.trusted?.authority != state.signer?.certificate
            return (ends.compactMap { $0.map(Self.renewal) }.min() ?? 0, isSettling)
        }
        return isSettling ? 250 : min(60_000, max(250, (due - server.now) * 1_000))
    }

    /// When two thirds of a life are over.
    private static func renewal(issued: Int, expires: Int) -> Int {
        issued + (expires - issued) * 2 / 3
    }

    private func renew() throws(ClusterError) {
        let (newest, previous) = try currentAuthority()
        let now = server.now
        let (leaf, signer, clientsBefore) = state.withLock { ($0.leaf, $0.signer, $0.clients) }
        let trusted = try publish(newest, previous, beside: signer, at: now)
        let since = state.withLock { state in
            if !trusted.newest {
                state.trusted = nil
            } else if state.trusted?.authority != newest.certificate {
                state.trusted = (newest.certificate, Clock.monotonic)
            }
            return state.trusted?.since
        }
        let clients = clients()
        let isSettled = since.map { Clock.monotonic - $0 >= lifetimes.settling * Limits.second } ?? false
        let isOfAnother = signer?.certificate != newest.certificate
        let isDue = leaf.map {
            now >= Self.renewal(issued: $0.issued, expires: $0.expires) || now < $0.issued - 60
        }
        // A second early: times are whole seconds.
        let isUseless = leaf.map { now >= $0.expires - 1 || isOfAnother && !trusted.signer } ?? true
        // What is of no use to anybody need not wait until another is trusted.
        if isUseless || isSettled && (isOfAnother || isDue == true) {
            try issue(by: newest, clients, at: now)
        } else if let signer, clients != clientsBefore || isDue == true && trusted.signer {
            // Until the newest is trusted everywhere, the one before signs on.
            try issue(by: signer, clients, at: now)
        }
    }

    /// The authority that all replicas use, made now if there is none that can be used, and those before it.
    private func currentAuthority() throws(ClusterError) -> (
        newest: CertificateAuthority, previous: CertificateBundle
    ) {
        let secret = try AuthoritySecret(
            installation.authoritySecret,
            in: installation.namespace,
            from: server
        )
        let now = server.now
        if let authority = secret.authority,
            now < Self.renewal(issued: authority.issued, expires: authority.expires),
            now >= authority.issued - 60
        {
            return (authority, secret.previous)
        }
        var previous = secret.previous.unexpired(at: now)
        if let authority = secret.authority, now < authority.expires,
            let bundle = try? CertificateBundle(authority.certificate)
        {
            previous = bundle.merging(previous)
        }
        let authority: CertificateAuthority
        do throws(TLSError) {
            authority = try .issue(named: installation.name, at: now, lifetime: lifetimes.authority)
        } catch {
            throw ClusterError("make a certificate authority: \(error)")
        }
        try secret.replace(by: authority, previous: previous, on: server)
        logger.notice(
            "a new certificate authority was made",
            metadata: [
                "reason": secret.authority == nil
                    ? "there was none that could be used" : "two thirds of its life were over",
                "expires": "\(Clock.utc(authority.expires).rfc3339)",
            ]
        )
        return (authority, previous)
    }

    /// Sees to it that all configurations trust the newest authority; whether all that are needed do, and whether they
    /// trust the one that signed what is served.
    private func publish(
        _ newest: CertificateAuthority,
        _ previous: CertificateBundle,
        beside signer: CertificateAuthority?,
        at now: Int
    ) throws(ClusterError) -> (newest: Bool, signer: Bool) {
        guard let own = try? CertificateBundle(newest.certificate) else { return (false, false) }
        let known = own.merging(previous).unexpired(at: now)
        let isRecent = now < newest.issued + lifetimes.overlap
        let served = signer.flatMap { try? CertificateBundle($0.certificate) } ?? CertificateBundle()
        var missing = Set(installation.needed())
        for kind in WebhookKind.allCases {
            guard let registration = try Registration(kind, called: installation.name, from: server) else {
                continue
            }
            missing.remove(kind)
            let hasChanged = try registration.update(on: server) { carried in
                isRecent ? known.merging(carried).merging(served).unexpired(at: now) : known
            }
            if hasChanged {
                logger.notice(
                    "a webhook configuration trusts other authorities",
                    metadata: ["configuration": "\(kind.configuration.kind)"]
                )
            }
        }
        return (missing.isEmpty, signer.map { isRecent || known.contains($0.certificate) } ?? false)
    }

    private func issue(by authority: CertificateAuthority, _ clients: ClientVerification?, at now: Int)
        throws(ClusterError)
    {
        do throws(TLSError) {
            let leaf = try authority.issueLeaf(for: installation.names, at: now, lifetime: lifetimes.leaf)
            let context = try TLSContext(leaf, clients: clients)
            state.withLock { state in
                state.context = context
                state.leaf = leaf
                state.clients = clients
                state.signer = authority
            }
            changes.add(.success)
            logger.notice(
                "a serving certificate was issued",
                metadata: ["expires": "\(Clock.utc(leaf.expires).rfc3339)"]
            )
        } catch {
            throw ClusterError("issue a serving certificate: \(error)")
        }
    }
}

extension TLSContext {
    /// Serves with a leaf that was issued.
    fileprivate convenience init(_ leaf: IssuedLeaf, clients: ClientVerification?) throws(TLSError) {
        try self.init(certificateChain: leaf.certificateChain, privateKey: leaf.privateKey, clients: clients)
    }
}
