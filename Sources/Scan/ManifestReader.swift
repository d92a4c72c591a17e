import Manifests

/// Finds the Kubernetes objects of a file, those in lists and in patches included.
struct ManifestReader {
    private let file: ManifestFile
    /// What a kustomization says of the file.
    private let target: PatchTarget?
    private(set) var manifests: [Manifest] = []

    /// The objects of `file`, which may be a patch, as `kustomizations` say.
    init(_ file: ManifestFile, _ kustomizations: Kustomizations) throws(YAMLError) {
        self.file = file
        target = kustomizations.target(of: file.path)
        let isPatch = kustomizations.isPatch(file.path)
        for document in try YAMLDocument.parse(file.bytes) {
            try take(document.root.merged(), .direct, isPatch: isPatch)
        }
    }

    private mutating func take(_ node: YAMLNode, _ placement: Placement, isPatch: Bool) throws(YAMLError) {
        if case .sequence(let operations) = node.content {
            if let target { try take(operations: operations, target, placement) }
            return
        }
        guard let apiVersion = node.text("apiVersion"), let kind = node.text("kind") else { return }
        if kind.hasSuffix("List"), let items = node.child(named: "items")?.items {
            for item in items { try take(item, placement, isPatch: isPatch) }
            return
        }
        let isDeletion = node.text("$patch") == "delete"
        if !isDeletion {
            append(node, apiVersion, kind, placement, isPatch: isPatch || node.isPartial(kind))
        }
        guard case .direct = placement else { return }
        if kind == "ResourceSet" {
            for resource in node.child(at: "spec.resources")?.items ?? [] {
                try take(resource, .direct, isPatch: false)
            }
        }
        for patch in InlinePatch.all(in: node, kind) { try take(patch) }
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
            node: node,
            placement: placement,
            isPatch: isPatch,
            number: manifests.count
        )
        if manifest.isOfInterest { manifests.append(manifest) }
    }

    /// The patch that is written as text in another object.
    private mutating func take(_ patch: InlinePatch) throws(YAMLError) {
        guard case .scalar(let text, _) = patch.text.content else { return }
        let placement = placement(of: patch.text, text)
        do throws(YAMLError) {
            for document in try YAMLDocument.parse(Array(text.utf8)) {
                let node = try document.root.merged()
                if case .sequence(let operations) = node.content {
                    guard let target = patch.target else { continue }
                    try take(operations: operations, target, placement)
                } else {
                    try take(node, placement, isPatch: true)
                }
            }
        } catch {
            throw YAMLError(patch.text.start, "the patch that begins here: \(error.what)")
        }
    }

    private func placement(of node: YAMLNode, _ text: String) -> Placement {
        let start = node.start
        guard file.bytes.indices.contains(start.offset), file.bytes[start.offset] == UInt8(ascii: "|") else {
            return .single(start, "patch: …")
        }
        func indentation(_ line: Substring.UTF8View.SubSequence) -> Int? {
            line.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
                .map { line.distance(from: line.startIndex, to: $0) }
        }
        let inner = text.utf8.split(separator: UInt8(ascii: "\n")).lazy.compactMap { indentation($0[...]) }
            .first
        let raw = String(
            decoding: file.bytes[start.offset..<max(node.end.offset, start.offset)],
            as: UTF8.self
        )
        let outer = raw.utf8.split(separator: UInt8(ascii: "\n")).dropFirst().lazy.compactMap {
            indentation($0[...])
        }.first
        guard let inner, let outer else { return .single(start, "patch: …") }
        return .literal(line: start.line, indentation: outer - inner)
    }

    /// The operations of a JSON patch (RFC 6902), each as an object that has nothing but what it sets.
    private mutating func take(
        operations: [YAMLNode],
        _ target: PatchTarget,
        _ placement: Placement
    ) throws(YAMLError) {
        for operation in operations {
            guard let path = operation.text("path"), let value = operation.child(named: "value"),
                let node = target.object(setting: path, to: value)
            else { continue }
            var mark = operation.start
            if case .literal(let line, let indentation) = placement {
                mark = YAMLMark(line: line + mark.line, column: mark.column + indentation, offset: 0)
            } else if case .single(let outer, _) = placement {
                mark = outer
            }
            append(
                node,
                target.apiVersion,
                target.kind,
                .single(mark, "path: \(Excerpt.key(path))"),
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
}
