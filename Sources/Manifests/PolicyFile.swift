package import Policy

/// A policy as people write it: one YAML document, read strictly.
package enum PolicyFile {
    private static let apiVersion = "patless.dev/v1alpha1"
    private static let kind = "Policy"
    /// What fits into a ConfigMap, and etcd.
    private static let sizeLimit = 1 << 20

    /// The policy that `bytes` say, or all that is wrong with them; `name` is the file's, for messages.
    package static func parse(_ bytes: [UInt8], name: String) throws(PolicyFileError) -> Policy {
        let problems = NodeReader.Problems()
        do throws(YAMLError) {
            let root = NodeReader(try document(bytes), problems: problems)
            let policy = root.readMapping { Self.policy(&$0) }
            if let policy, problems.all.isEmpty { return policy }
        } catch {
            throw PolicyFileError(name: name, problems: [PolicyFileError.Problem(error.mark, error.what)])
        }
        throw PolicyFileError(name: name, problems: problems.all)
    }

    private static func document(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode {
        let start = YAMLMark(line: 1, column: 1, offset: 0)
        guard bytes.count <= sizeLimit else {
            throw YAMLError(start, "larger than 1 MiB")
        }
        let documents = try YAMLDocument.parse(bytes)
        guard let root = documents.first?.root, root.content != .scalar("", .plain) else {
            let least = "`apiVersion: \(apiVersion)` and `kind: \(kind)`"
            throw YAMLError(start, "empty; the least that a policy says is \(least)")
        }
        guard documents.count == 1 else {
            throw YAMLError(documents[1].root.start, "a second document; a policy file has one")
        }
        return root
    }

    private static func policy(_ keys: inout MappingReader) -> Policy {
        var policy = Policy()
        _ = keys.required("apiVersion") { $0.read(.exactly(apiVersion)) }
        _ = keys.required("kind") { $0.read(.exactly(kind)) }
        policy.identities = keys.optional("identities", identities) ?? []
        policy.rules = keys.optional("rules") { $0.readNamed("rule", enforcement) } ?? [:]
        policy.existing = keys.optional("existing") { $0.readCase("value") } ?? policy.existing
        policy.azureDevOpsHosts =
            keys.optional("azureDevOpsHosts") { $0.readList { $0.read(.hostPattern) } }
            ?? policy.azureDevOpsHosts
        policy.certificateAuthoritySecrets =
            keys.optional("certificateAuthoritySecrets") { $0.readList(secret) } ?? []
        policy.exemptions = keys.optional("exemptions") { $0.readList(exemption) } ?? []
        policy.azure = keys.optional("azure", azure) ?? policy.azure
        return policy
    }

    private static func identities(_ node: NodeReader) -> [Identity]? {
        var paths: [ObjectReference: String] = [:]
        return node.readList { node in
            guard let identity = Self.identity(node) else { return nil }
            let account = ObjectReference(namespace: identity.namespace, name: identity.serviceAccount)
            if let first = paths[account] {
                node.refuse("is for the same ServiceAccount as \(first)")
            }
            paths[account] = paths[account] ?? node.path
            return identity
        }
    }

    private static func identity(_ node: NodeReader) -> Identity? {
        node.readMapping { keys in
            let namespace = keys.required("namespace") { $0.read(.label) }
            let serviceAccount = keys.required("serviceAccount") { $0.read(.subdomain) }
            let deployment = keys.optional("deployment") { $0.read(.subdomain) }
            let clientID = keys.required("clientId") { $0.read(.guid) }
            let tenantID = keys.optional("tenantId") { $0.read(.guid) }
            let onConflict: Identity.Conflict? = keys.optional("onConflict") { $0.readCase("value") }
            guard let namespace, let serviceAccount, let clientID else { return nil }
            return Identity(
                namespace: namespace,
                serviceAccount: serviceAccount,
                deployment: deployment,
                clientID: clientID,
                tenantID: tenantID,
                onConflict: onConflict ?? .keep
            )
        }
    }

    private static func enforcement(_ node: NodeReader) -> Enforcement? {
        node.readMapping("a mapping like {mode: deny}") { keys in
            let mode: Mode? = keys.required("mode") { $0.readCase("mode") }
            let enforceFrom = keys.optional("enforceFrom") { node in
                if let mode, mode != .deny {
                    node.refuse("is for the mode deny; it would do nothing here")
                }
                return node.read(.day)
            }
            guard let mode else { return nil }
            return Enforcement(mode: mode, enforceFrom: enforceFrom)
        }
    }

    private static func secret(_ node: NodeReader) -> ObjectReference? {
        node.readMapping { keys in
            let namespace = keys.required("namespace") { $0.read(.label) }
            let name = keys.required("name") { $0.read(.subdomain) }
            guard let namespace, let name else { return nil }
            return ObjectReference(namespace: namespace, name: name)
        }
    }

    private static func azure(_ node: NodeReader) -> AzureNames? {
        node.readMapping { keys in
            var names = AzureNames()
            names.resourceGroup = keys.optional("resourceGroup") { $0.read(.line) }
            names.cluster = keys.optional("cluster") { $0.read(.line) }
            names.url = keys.optional("url") { $0.read(.line) }
            names.branch = keys.optional("branch") { $0.read(.line) }
            names.configuration = keys.optional("configuration") { $0.read(.line) }
            names.identity = keys.optional("identity") { $0.read(.line) }
            names.namespace = keys.optional("namespace") { $0.read(.line) }
            names.path = keys.optional("path") { $0.read(.line) }
            return names
        }
    }

    private static func exemption(_ node: NodeReader) -> Exemption? {
        node.readMapping { keys in
            let rules: [RuleName]? = keys.required("rules") { $0.readNonEmptyList { $0.readCase("rule") } }
            let namespaces = keys.required("namespaces") { $0.readNonEmptyList { $0.read(.glob) } }
            let names = keys.required("names") { $0.readNonEmptyList { $0.read(.glob) } }
            let reason = keys.required("reason") { $0.read(.line) }
            let owner = keys.required("owner") { $0.read(.line) }
            let expires = keys.required("expires") { $0.read(.day) }
            guard let rules, let namespaces, let names, let reason, let owner, let expires else { return nil }
            return Exemption(
                rules: Set(rules),
                namespaces: namespaces,
                names: names,
                reason: reason,
                owner: owner,
                expires: expires
            )
        }
    }
}
