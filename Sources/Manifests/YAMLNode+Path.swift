extension YAMLNode {
    /// Where a field of an object is written.
    package struct Place: Sendable, Equatable {
        /// The key that it stands under; nil for an item of a list and for the object itself.
        package let key: Key?
        package let value: YAMLNode
    }

    /// Where the field at `path` is written, or the innermost part of the path that there is.
    ///
    /// A path is one of a finding, such as `spec.template.spec.containers[0].env[2]` or
    /// `metadata.annotations[azure.workload.identity/use]`. Through an alias or a merge key it leads to
    /// what is written at the anchor; a value that is itself an alias is where the alias is. Call it on a
    /// node that is ``merged()``.
    package func place(of path: String) -> Place {
        var place = Place(key: nil, value: self)
        for step in Self.steps(of: path) {
            guard let next = place.value.child(step) else { return place }
            place = next
        }
        return place
    }

    private func child(_ step: Substring) -> Place? {
        switch content {
        case .scalar: return nil
        case .sequence(let items):
            guard let index = Int(step), items.indices.contains(index) else { return nil }
            return Place(key: nil, value: items[index])
        case .mapping(let pairs):
            let pair = pairs.first { (try? $0.key.name.utf8.elementsEqual(step.utf8)) ?? false }
            return pair.map { Place(key: $0.key, value: $0.value) }
        }
    }

    /// The keys and indices of a path: dots part them but for those in brackets.
    private static func steps(of path: String) -> [Substring] {
        var steps: [Substring] = []
        var rest = path[...]
        while let first = rest.first {
            if first == "[" {
                let end = rest.firstIndex(of: "]") ?? rest.endIndex
                steps.append(rest[..<end].dropFirst())
                rest = rest[end...].dropFirst()
            } else if first == "." {
                rest = rest.dropFirst()
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                steps.append(rest[..<end])
                rest = rest[end...]
            }
        }
        return steps
    }
}
