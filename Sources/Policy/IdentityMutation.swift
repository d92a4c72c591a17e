import JSON
import Kubernetes

/// One label or annotation that a workload identity needs.
struct IdentitySetting {
    /// The keys down to the map that it stands in.
    let map: [String]
    let key: String
    let value: String

    /// Such as `metadata.labels[azure.workload.identity/use]`.
    var field: String {
        "\(map.joined(separator: "."))[\(key)]"
    }
}

/// What an object lacks to have its workload identity, and what is wrong with what it has.
///
/// The patch only adds what is missing, unless the identity says to overwrite: where all is there it is empty,
/// so that applying it twice is applying it once.
struct IdentityMutation {
    private let onConflict: Identity.Conflict
    private(set) var patch = JSONPatch()
    private(set) var findings: [Finding] = []

    /// What `object`, which is of this kind, lacks.
    init(of object: JSONValue, _ kind: String, as identity: Identity) throws(ReviewError) {
        self =
            kind == Deployment.kind
            ? try Self(of: Deployment(object), as: identity)
            : try Self(of: ServiceAccount(object), as: identity)
    }

    private init(of account: ServiceAccount, as identity: Identity) throws(ReviewError) {
        onConflict = identity.onConflict
        var ids = [(WorkloadIdentity.clientID, identity.clientID)]
        if let tenant = identity.tenantID { ids.append((WorkloadIdentity.tenantID, tenant)) }
        try require(
            ids: ids,
            [(WorkloadIdentity.use, "true")],
            in: account.annotations,
            ["metadata", "annotations"]
        )
        try require([(WorkloadIdentity.use, "true")], in: account.labels, ["metadata", "labels"])
        for (key, configured) in [
            (WorkloadIdentity.clientID, identity.clientID), (WorkloadIdentity.tenantID, identity.tenantID),
        ] {
            // What is overwritten is no longer there to find.
            guard onConflict != .overwrite || configured == nil, let value = try account.annotations[key],
                let finding = IdentityMalformedRule.finding(id: value, at: "metadata.annotations[\(key)]")
            else { continue }
            findings.append(finding)
        }
        if let finding = try IdentityMalformedRule.finding(
            tokenExpirationIn: account.annotations,
            of: "metadata"
        ) {
            findings.append(finding)
        }
    }

    private init(of deployment: Deployment, as identity: Identity) throws(ReviewError) {
        onConflict = identity.onConflict
        let use = [(WorkloadIdentity.use, "true")]
        if deployment.hasTemplateMetadata {
            try require(use, in: deployment.templateLabels, ["spec", "template", "metadata", "labels"])
        } else {
            patch.add(["spec", "template", "metadata"], .object([.init("labels", Self.object(use))]))
        }
        if let finding = try IdentityMalformedRule.finding(
            tokenExpirationIn: deployment.templateAnnotations,
            of: "spec.template.metadata"
        ) {
            findings.append(finding)
        }
        findings += ControllerCredentialRule.findings(in: deployment)
    }

    /// Adds what `map`, which stands at `path`, lacks.
    ///
    /// Of `ids` none is added beside one that is kept: a client id of theirs with a tenant id of ours would be an
    /// identity that nobody has configured. The rest only says that there is one, so it is added all the same.
    private mutating func require(
        ids: [Setting] = [],
        _ settings: [Setting],
        in map: StringMap,
        _ path: [String]
    ) throws(ReviewError) {
        guard map.isPresent else {
            // There is no map to add a key to.
            patch.add(path, Self.object(ids + settings))
            return
        }
        var missing: [Setting] = []
        var keepsAnother = false
        for setting in ids {
            switch try presence(of: setting, in: map, path) {
            case .missing: missing.append(setting)
            case .kept: keepsAnother = true
            case .right: continue
            }
        }
        if keepsAnother { missing = [] }
        for setting in settings where try presence(of: setting, in: map, path) == .missing {
            missing.append(setting)
        }
        for (key, value) in missing { patch.add(path + [key], .string(value)) }
    }

    /// What there is of `setting`; another value is overwritten or found.
    private mutating func presence(
        of setting: Setting,
        in map: StringMap,
        _ path: [String]
    ) throws(ReviewError) -> Presence {
        guard let present = try map[setting.key] else { return .missing }
        guard !WorkloadIdentity.isSame(present, setting.value) else { return .right }
        if onConflict == .overwrite {
            patch.replace(path + [setting.key], .string(setting.value))
            return .right
        }
        let place = IdentitySetting(map: path, key: setting.key, value: setting.value)
        findings.append(IdentityConflictRule.finding(place, is: present, keeping: onConflict == .keep))
        return .kept
    }

    private typealias Setting = (key: String, value: String)

    private enum Presence {
        case missing
        /// As configured, or about to be.
        case right
        /// Another, which stays.
        case kept
    }

    private static func object(_ settings: [Setting]) -> JSONPatch.Value {
        .object(settings.map { .init($0.key, .string($0.value)) })
    }
}
