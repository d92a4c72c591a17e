package import Policy

/// The identities of a policy as MutatingAdmissionPolicies: accounts and pod templates get them while no replica answers.
package struct IdentityPolicies {
    private static let prefix = "azure.workload.identity/"
    private let policy: Policy
    private let release: Release
    /// Such as `v1`.
    private let version: String

    /// `version` is that of MutatingAdmissionPolicy: v1 in Kubernetes 1.36, v1beta1 in 1.34.
    package init(_ policy: Policy, _ release: Release, version: String) {
        self.policy = policy
        self.release = release
        self.version = version
    }

    /// All of them in YAML, with their bindings.
    package var yaml: String {
        let parts = policy.identities.enumerated().flatMap { index, identity in
            var parts = [account(identity, "\(release.name)-account-\(index)")]
            if let deployment = identity.deployment {
                parts.append(template(identity, deployment, "\(release.name)-deployment-\(index)"))
            }
            return parts
        }
        return Self.comment + parts.joined()
    }

    private func account(_ identity: Identity, _ name: String) -> String {
        let ids = [("client-id", identity.clientID)] + (identity.tenantID.map { [("tenant-id", $0)] } ?? [])
        let annotations = ids.map { "'\(Self.prefix)\($0)': '\($1)', " }.joined()
        let pairs = (ids + [("use", "true")]).map { "['\(Self.prefix)\($0)', '\($1.lowercased())']" }.joined(
            separator: ", "
        )
        let condition = """
                - name: has-no-other-identity
                  expression: >-
                    !has(object.metadata.annotations) || [\(pairs)].all(pair,
                    !(pair[0] in object.metadata.annotations) ||
                    object.metadata.annotations[pair[0]].lowerAscii() == pair[1])
                - name: has-no-other-label
                  expression: >-
                    !has(object.metadata.labels) || !('\(Self.prefix)use' in object.metadata.labels) ||
                    object.metadata.labels['\(Self.prefix)use'] == 'true'

            """
        return yaml(
            name,
            ("\"\"", "serviceaccounts"),
            (identity.namespace, identity.serviceAccount),
            condition: identity.onConflict == .overwrite ? "" : condition,
            """
            Object{metadata: Object.metadata{annotations: {\(annotations)'\(Self.prefix)use': 'true'},
                      labels: {'\(Self.prefix)use': 'true'}}}
            """
        )
    }

    private func template(_ identity: Identity, _ deployment: String, _ name: String) -> String {
        let other = """
             ||
                    object.spec.template.metadata.labels['\(Self.prefix)use'] != 'true'
            """
        let condition = """
                - name: says-nothing-of-it
                  expression: >-
                    !has(object.spec.template.metadata) || !has(object.spec.template.metadata.labels) ||
                    !('\(Self.prefix)use' in object.spec.template.metadata.labels)\(identity.onConflict == .overwrite ? other : "")

            """
        return yaml(
            name,
            ("apps", "deployments"),
            (identity.namespace, deployment),
            condition: condition,
            """
            Object{spec: Object.spec{template: Object.spec.template{metadata: Object.spec.template.metadata{labels:
                      {'\(Self.prefix)use': 'true'}}}}}
            """
        )
    }

    private func yaml(
        _ name: String,
        _ resource: (group: String, plural: String),
        _ object: (namespace: String, name: String),
        condition: String,
        _ mutation: String
    ) -> String {
        let isNamed =
            "request.namespace == '\(object.namespace)' && has(object.metadata.name) && object.metadata.name == '\(object.name)'"
        return """
            ---
            apiVersion: admissionregistration.k8s.io/\(version)
            kind: MutatingAdmissionPolicy
            metadata:
              name: \(name)
            spec:
              failurePolicy: Ignore
              reinvocationPolicy: IfNeeded
              matchConstraints:
                matchPolicy: Equivalent
                namespaceSelector:
                  matchExpressions:
            \(release.excludedNamespaces)
                resourceRules:
                  - apiGroups: [\(resource.group)]
                    apiVersions: [v1]
                    operations: [CREATE, UPDATE]
                    resources: [\(resource.plural)]
                    scope: Namespaced
              matchConditions:
                - name: is-of-the-identity
                  expression: \(Text.quoted(isNamed))
            \(condition)  mutations:
                - patchType: ApplyConfiguration
                  applyConfiguration:
                    expression: >-
                      \(mutation)
            ---
            apiVersion: admissionregistration.k8s.io/\(version)
            kind: MutatingAdmissionPolicyBinding
            metadata:
              name: \(name)
            spec:
              policyName: \(name)

            """
    }

    private static let comment = """
        # The identities of the policy as MutatingAdmissionPolicies, made by patless.
        #
        # What they do not do, and the webhook does:
        # - an account that keeps another client-id, tenant-id or `use` gets nothing at all here, not even the label, and no warning
        # - onConflict: deny does not deny here
        # - what existed before is given its identity when it is updated, not at once

        """
}
