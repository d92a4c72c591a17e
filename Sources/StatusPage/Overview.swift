package import Audit
package import Policy

/// What the status page tells of: all that one replica knows, at one moment.
package struct Overview: Sendable {
    /// Seconds since 1970, as all times here.
    package var now: Int
    /// What the replica is called.
    package var replica: String
    package var version: String
    package var started: Int
    /// Whether it is the one that does what only one may do; nil when there is no such thing.
    package var isLeading: Bool?
    /// Whether requests are served as usual, not on the way to the end.
    package var isServing = true
    package var policy: Policy
    package var policyHash: String
    /// Why the changed policy file is not in use.
    package var policyFailure: String?
    package var certificate: Certificate
    package var identities: Identities = .unattended
    /// The last first.
    package var rejections: [Rejection] = []
    /// How many requests were refused since the start.
    package var refused = 0
    /// Decisions that the audit trail has not kept.
    package var unrecorded = 0
    /// What a scan found; nil when this replica knows of none.
    package var compliance: ComplianceSummary?
    /// The last hour at most, the present minute last.
    package var traffic: [Minute] = []

    package init(
        now: Int,
        replica: String,
        version: String,
        started: Int,
        policy: Policy,
        policyHash: String,
        certificate: Certificate
    ) {
        self.now = now
        self.replica = replica
        self.version = version
        self.started = started
        self.policy = policy
        self.policyHash = policyHash
        self.certificate = certificate
    }

    /// The certificate that is served, and whether the API server trusts it.
    package struct Certificate: Sendable {
        package var expires: Int
        /// When the authority expires that signs it; nil when others look after that.
        package var authorityExpires: Int?
        /// Why its last change is not in use.
        package var failure: String?
        /// What keeps the API server from calling; nil when this replica does not look.
        package var problems: [String]?

        package init(expires: Int, authorityExpires: Int?, failure: String?, problems: [String]?) {
            self.expires = expires
            self.authorityExpires = authorityExpires
            self.failure = failure
            self.problems = problems
        }
    }

    /// What is known of the identities of the policy.
    package enum Identities: Sendable {
        /// Nobody looks.
        case unattended
        /// Another replica leads, and knows.
        case elsewhere
        /// Each with what it lacks, in words; nil when it is ready.
        case known([(identity: Identity, lack: String?)])
    }

    /// The requests of one minute.
    package struct Minute: Sendable {
        package var decisions: [Verdict.Decision: Int]
        /// How long half of them, and 99 of 100, took at most, in nanoseconds; nil without a request.
        package var p50: Int?
        package var p99: Int?

        package init(decisions: [Verdict.Decision: Int], p50: Int?, p99: Int?) {
            self.decisions = decisions
            self.p50 = p50
            self.p99 = p99
        }

        var total: Int {
            decisions.values.reduce(0, +)
        }
    }
}
