import Manifests

/// Finds the Kubernetes objects of a file, those in lists and in patches included.
struct ManifestReader {
    private let file: ManifestFile
    private(set) var manifests: [Manifest] = []
    /// Why a document of the file, or a patch in it, could not be read.
    private(set) var errors: [YAMLError] = []

    /// The objects of `file`, which may be a patch, as `kustomizations` say.
    init(_ file: ManifestFile, _ kustomizations: Kustomizations) {
        self.file = file
        let isKustomization = Kustomizations.isOne(file.path)
        let targets = kustomizations.targets(of: file.path)
        for document in documents() {
            do throws(YAMLError) {
                let node = try document.root.merged()
                if isKustomization { try takePatches(of: node, "Kustomization") }
                guard let targets else {
                    if !isKustomization { try take(node, .direct) }
                    continue
                }
                for target in targets { try take(patch: node, target, .direct) }
            } catch {
                errors.append(error)
            }
        }
    }

    /// Those of the file that can be read: one that cannot does not hide the others.
    private mutating func documents() -> [YAMLDocument] {
        do throws(YAMLError) {
            return try YAMLDocument.parse(file.bytes)
        } catch {
            let parts = file.documents
            guard parts.count > 1 else {
                errors.append(error)
                return []
            }
            return parts.flatMap { part in
                do throws(YAMLError) {
                    return try YAMLDocument.parse(part)
                } catch {
                    errors.append(error)
                    return []
                }
            }
        }
    }

    private mutating func take(_ node: YAMLNode, _ placement: Placement) throws(YAMLError) {
        guard let apiVersion = node.text("apiVersion"), let kind = node.text("kind") else { return }
        if kind.hasSuffix("List"), let items = node.child(named: "items")?.items {
            for item in items {
                // An item of a GitRepositoryList need not say what it is.
                let named =
                    item.child(named: "kind") == nil
                    ? item.naming(apiVersion, String(kind.dropLast(4))) : item
                try take(named, placement)
            }
            return
        }
        append(node, apiVersion, kind, placement, isPatch: node.isPartial(kind))
        if kind == "ResourceSet" {
            for resource in node.child(at: "spec.resources")?.items ?? [] { try take(resource, placement) }
            if let template = node.child(at: "spec.resourcesTemplate") {
                try take(text: template, nil, isPatch: false)
            }
        }
        guard case .direct = placement else { return }
        try takePatches(of: node, kind)
    }

    private mutating func takePatches(of node: YAMLNode, _ kind: String) throws(YAMLError) {
        for patch in InlinePatch.all(in: node, kind) {
            if case .scalar = patch.content.content {
                try take(text: patch.content, patch.target, isPatch: true)
            } else {
                try take(patch: patch.content, patch.target, .direct)
            }
        }
        guard kind == "Kustomization" else { return }
        for generator in node.child(named: "secretGenerator")?.items ?? [] {
            guard let secret = generator.generatedSecret else { continue }
            append(secret, "v1", "Secret", .single(generator.start, "secretGenerator: …"), isPatch: false)
        }
    }

    /// A patch: of what it says itself, or of what a kustomization says that it is for.
    private mutating func take(
        patch node: YAMLNode,
        _ target: PatchTarget?,
        _ placement: Placement
    ) throws(YAMLError) {
        if case .sequence(let operations) = node.content {
            take(operations: operations, target, placement)
            return
        }
        let kind = target?.kind ?? node.text("kind")
        let apiVersion = target?.apiVersion ?? node.text("apiVersion")
        guard let kind, let apiVersion, node.text("$patch") != "delete" else { return }
        append(node, apiVersion, kind, placement, isPatch: true)
    }

    private mutating func append(
        _ node: YAMLNode,
        _ apiVersion: String,
        _ kind: String,
        _ placement: Placement,
        isPatch: Bool
    ) {
        let manifest = Manifest(
            apiVersion: apiVersion,
            kind: kind,
            node: isPatch ? node.withoutDeletions : node,
            placement: placement,
            isPatch: isPatch,
            number: manifests.count
        )
        if manifest.isOfInterest { manifests.append(manifest) }
    }

    /// What is written as text in another object.
    private mutating func take(text node: YAMLNode, _ target: PatchTarget?, isPatch: Bool) throws(YAMLError) {
        guard case .scalar(let text, _) = node.content else { return }
        let placement = Placement(ofText: text, in: node, file)
        do throws(YAMLError) {
            for document in try YAMLDocument.parse(Array(text.utf8)) {
                let inner = try document.root.merged()
                if isPatch { try take(patch: inner, target, placement) } else { try take(inner, placement) }
            }
        } catch {
            throw YAMLError(node.start, "the text that begins here: \(error.what)")
        }
    }

    /// The operations of a JSON patch (RFC 6902), each as an object that has nothing but what it sets.
    private mutating func take(operations: [YAMLNode], _ target: PatchTarget?, _ placement: Placement) {
        for operation in operations where operation.text("op") == "add" || operation.text("op") == "replace" {
            guard let path = operation.text("path"), let value = operation.child(named: "value"),
                let target = target ?? PatchTarget(guessedFrom: path),
                let node = target.object(setting: path, to: value)
            else { continue }
            append(
                node,
                target.apiVersion,
                target.kind,
                placement.single(operation.start),
                isPatch: true
            )
        }
    }
}

extension YAMLNode {
    /// Whether it lacks what no whole object can, so that it has to be a patch.
    fileprivate func isPartial(_ kind: String) -> Bool {
        kind == "GitRepository" && child(at: "spec.url") == nil
    }

    /// A patch without what it takes away: `{$patch: delete}` (kustomize's strategic merge).
    fileprivate var withoutDeletions: YAMLNode {
        mapped { pair in
            pair.value.text("$patch") == "delete" ? [] : [(pair.key, pair.value.withoutDeletions)]
        }
    }

    /// The Secret that a `secretGenerator` makes, as far as it is made of literals.
    fileprivate var generatedSecret: YAMLNode? {
        guard let name = text("name"), let literals = child(named: "literals")?.items else { return nil }
        let pairs = literals.compactMap { literal -> (String, YAMLNode)? in
            guard case .scalar(let text, _) = literal.content, let equals = text.firstIndex(of: "=") else {
                return nil
            }
            return (
                String(text[..<equals]),
                YAMLNode.text(String(text[text.index(after: equals)...]), at: literal.start)
            )
        }
        let namespace = text("namespace").map { [("namespace", YAMLNode.text($0, at: start))] } ?? []
        guard let data = YAMLNode.mapping(pairs),
            let metadata = YAMLNode.mapping([("name", YAMLNode.text(name, at: start))] + namespace)
        else { return nil }
        return YAMLNode.mapping([("metadata", metadata), ("stringData", data)])
    }
}
