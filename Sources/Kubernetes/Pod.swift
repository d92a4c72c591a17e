package import JSON

/// A Pod, as far as workload identity is concerned: what was injected into it when it was created.
package struct Pod: Sendable {
    package let metadata: ObjectMeta
    package let labels: StringMap
    /// Whether it is neither over nor about to be.
    package let isLive: Bool
    /// The environment variables of its containers that are set to something.
    package let environment: [Deployment.Variable]

    package init(_ object: JSONValue) throws(ReviewError) {
        metadata = try ObjectMeta(of: object)
        labels = try metadata.labels
        let phase = try object.object("status", "status")?.text("phase", "status.phase")?.string ?? ""
        isLive = try !metadata.isUnderDeletion && phase != "Succeeded" && phase != "Failed"
        environment = try Deployment.variables(of: "containers", in: object.object("spec", "spec"))
    }
}
