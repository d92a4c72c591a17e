import JSON
import Kubernetes

/// A kind of Flux object, other than GitRepository, that may refer to a stored credential: where, and when it counts.
///
/// The paths and what takes precedence over what are those of Flux's controllers (source-controller 1.9,
/// image-reflector-controller, notification-controller, flux-operator).
package struct FluxKind: Sendable {
    package let group: String
    package let kind: String
    /// As in the paths of the API.
    package let plural: String
    let references: [Reference]

    /// A field that names a Secret.
    struct Reference: Sendable {
        /// Such as `spec.secretRef`; a reference is an object with a name, or the name itself.
        let path: [String]
        /// What the Secret is to the controller, as a sentence goes on after its name.
        let holds: String
        let fix: String
        var rule = RuleName.fluxSecret
        /// When the controller has a use for it.
        var counts: @Sendable (_ spec: JSONValue) throws(ReviewError) -> Bool = { (_) throws(ReviewError) in
            true
        }

        var field: String { path.joined(separator: ".") }
    }

    /// Every such kind.
    package static let all = [
        ociRepository, helmRepository, bucket, imageRepository, provider, receiver, instance,
    ]

    /// The one that is called so.
    static func named(_ kind: String, in group: String) -> FluxKind? {
        all.first { $0.kind.utf8.elementsEqual(kind.utf8) && $0.group.utf8.elementsEqual(group.utf8) }
    }

    private static let source = GitRepository.group

    /// secretRef wins over provider (ocirepository_controller.go: the provider is asked only without a Secret).
    private static let ociRepository = FluxKind(
        group: source,
        kind: "OCIRepository",
        plural: "ocirepositories",
        references: [
            Reference(path: ["spec", "secretRef"], holds: registryLogin, fix: registryFix), proxy,
        ]
    )

    /// Over plain https there is no provider; with `type: oci` it is asked only without a Secret (client_opts.go).
    private static let helmRepository = FluxKind(
        group: source,
        kind: "HelmRepository",
        plural: "helmrepositories",
        references: [
            Reference(
                path: ["spec", "secretRef"],
                holds: "a static login to the chart repository",
                fix:
                    "serve the charts from a registry (type: oci) with provider: azure, aws or gcp, and remove the reference"
            )
        ]
    )

    /// The Secret wins over provider and service account.
    private static let bucket = FluxKind(
        group: source,
        kind: "Bucket",
        plural: "buckets",
        references: [
            Reference(
                path: ["spec", "secretRef"],
                holds:
                    "a static key to the bucket, unless all that it holds is a managed identity's clientId",
                fix: "set spec.provider: azure, aws or gcp with workload identity, and remove spec.secretRef"
            ),
            Reference(
                path: ["spec", "sts", "secretRef"],
                holds: "a static login to the token service",
                fix: "use spec.sts.provider: aws with workload identity, and remove spec.sts.secretRef"
            ), proxy,
        ]
    )

    /// A provider wins: with one the Secret is not read (registry/options.go).
    private static let imageRepository = FluxKind(
        group: "image.toolkit.fluxcd.io",
        kind: "ImageRepository",
        plural: "imagerepositories",
        references: [
            Reference(path: ["spec", "secretRef"], holds: registryLogin, fix: registryFix) {
                (spec) throws(ReviewError) in
                let provider = try spec.text("provider", "spec.provider")?.string ?? ""
                return provider.isEmpty || provider == "generic"
            }, proxy,
        ]
    )

    /// Only where the Secret is a token to a Git host: that of a chat is none, and those of Azure and Google need none.
    private static let provider = FluxKind(
        group: "notification.toolkit.fluxcd.io",
        kind: "Provider",
        plural: "providers",
        references: [
            Reference(
                path: ["spec", "secretRef"],
                holds: "a static token to the Git host, by which commit statuses are written",
                fix:
                    "for Azure DevOps, remove spec.secretRef: type azuredevops signs in with workload identity"
            ) { (spec) throws(ReviewError) in
                let type = try spec.text("type", "spec.type")?.string ?? ""
                return gitHosts.contains { $0.utf8.elementsEqual(type.utf8) }
            }, proxy,
        ]
    )

    private static let gitHosts = [
        "github", "githubdispatch", "githubpullrequestcomment", "gitlab", "gitlabmergerequestcomment",
        "gitea",
        "giteapullrequestcomment", "bitbucket", "bitbucketserver", "azuredevops",
    ]

    /// With `type: generic-oidc` the API server itself forbids a Secret.
    private static let receiver = FluxKind(
        group: "notification.toolkit.fluxcd.io",
        kind: "Receiver",
        plural: "receivers",
        references: [
            Reference(
                path: ["spec", "secretRef"],
                holds: "a secret that whoever calls the Receiver shares",
                fix: "use type: generic-oidc, by which callers show a short-lived token"
            ) { (spec) throws(ReviewError) in
                try spec.text("type", "spec.type")?.equals("generic-oidc") != true
            }
        ]
    )

    /// flux-operator writes `sync.pullSecret` into the GitRepository that it makes.
    private static let instance = FluxKind(
        group: "fluxcd.controlplane.io",
        kind: "FluxInstance",
        plural: "fluxinstances",
        references: [
            Reference(
                path: ["spec", "sync", "pullSecret"],
                holds: "the static credential of the source that is made from spec.sync",
                fix: "set spec.sync.provider: azure, and remove spec.sync.pullSecret"
            ),
            Reference(path: ["spec", "distribution", "imagePullSecret"], holds: registryLogin, fix: pullFix),
            Reference(
                path: ["spec", "distribution", "artifactPullSecret"],
                holds: registryLogin,
                fix: pullFix
            ),
        ]
    )

    private static let registryLogin = "a static login to the registry"
    private static let registryFix =
        "set spec.provider: azure, aws or gcp with workload identity, and remove spec.secretRef"
    private static let pullFix = "let the nodes' identity pull from the registry, and remove the reference"

    private static let proxy = Reference(
        path: ["spec", "proxySecretRef"],
        holds: "perhaps the user name and password of a proxy",
        fix: "set HTTPS_PROXY and NO_PROXY on the controller's Deployment, and remove spec.proxySecretRef",
        rule: .proxySecret
    )
}
