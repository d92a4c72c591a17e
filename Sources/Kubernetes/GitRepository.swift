package import JSON

/// A Flux GitRepository: where source-controller fetches from, and as whom.
///
/// Every served version, v1beta1 to v1, has these fields in these places.
package struct GitRepository: Sendable {
    package let metadata: ObjectMeta
    package let url: String
    /// As written; empty means `generic`.
    package let provider: String
    /// The name of the Secret in `secretRef`; empty when the reference names none, nil without a reference.
    package let secretName: String?
    /// The name of the Secret in `proxySecretRef`, likewise.
    package let proxySecretName: String?
    package let recurseSubmodules: Bool

    package static let group = "source.toolkit.fluxcd.io"
    package static let kind = "GitRepository"

    package init(_ object: JSONValue) throws(ReviewError) {
        metadata = try ObjectMeta(of: object)
        let spec = try object.object("spec", "spec")
        url = try spec?.text("url", "spec.url")?.string ?? ""
        provider = try spec?.text("provider", "spec.provider")?.string ?? ""
        secretName = try Self.name("secretRef", in: spec, "spec.secretRef", "spec.secretRef.name")
        proxySecretName = try Self.name(
            "proxySecretRef",
            in: spec,
            "spec.proxySecretRef",
            "spec.proxySecretRef.name"
        )
        recurseSubmodules = try spec?.flag("recurseSubmodules", "spec.recurseSubmodules") ?? false
    }

    private static func name(
        _ key: String,
        in spec: JSONValue?,
        _ path: String,
        _ namePath: String
    ) throws(ReviewError) -> String? {
        guard let reference = try spec?.object(key, path) else { return nil }
        return try reference.text("name", namePath)?.string ?? ""
    }
}
