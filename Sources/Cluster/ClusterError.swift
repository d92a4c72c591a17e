/// Why the cluster cannot be asked, or did not do what it was asked.
package struct ClusterError: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// The status that the API server answered with; nil when it did not answer.
    package let status: Int?
    /// The machine-readable reason of a Kubernetes Status, such as `AlreadyExists`; empty without one.
    package let reason: String

    package init(_ description: String, status: Int? = nil, reason: String = "") {
        self.description = description
        self.status = status
        self.reason = reason
    }

    package var isNotFound: Bool { status == 404 }
    /// Somebody else changed the object meanwhile, or it exists already, or a patch's test did not hold.
    package var isConflict: Bool { status == 409 || status == 422 && reason == "Invalid" }
    /// The resource version that a watch began at is too old.
    package var isGone: Bool { status == 410 }
}
