/// A policy as it is enforced, and the hash of the file that it was read from.
package struct PolicySnapshot: Sendable {
    package let evaluator: Evaluator
    /// SHA-256 in hexadecimal.
    package let hash: String

    package init(_ policy: Policy, hash: String) {
        evaluator = Evaluator(policy)
        self.hash = hash
    }
}
