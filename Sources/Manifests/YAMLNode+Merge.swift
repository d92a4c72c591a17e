extension YAMLNode {
    /// The value without merge keys: each `<<` is replaced by the pairs of the mappings that it names.
    ///
    /// A key that is written beside `<<` wins wherever it stands, and an earlier mapping of a list before a later
    /// one: so says yaml.org/type/merge.html, and so does kustomize. (kubectl's reader lets `<<` win over
    /// what is written before it.)
    package func merged() throws(YAMLError) -> YAMLNode {
        guard hasMergeKey else { return self }
        switch content {
        case .scalar: return self
        case .sequence(let items):
            var all: [YAMLNode] = []
            for item in items { all.append(try item.merged()) }
            return with(.sequence(all))
        case .mapping(let pairs):
            return with(.mapping(try Self.merged(pairs)))
        }
    }

    private static func merged(_ pairs: [Pair]) throws(YAMLError) -> [Pair] {
        var all: [Pair] = []
        var names: Set<[UInt8]> = []
        for pair in pairs where !pair.key.isMerge {
            names.insert(Array(try pair.key.name.utf8))
            all.append(Pair(key: pair.key, value: try pair.value.merged()))
        }
        for pair in pairs where pair.key.isMerge {
            for source in try pair.value.sources {
                guard case .mapping(let others) = try source.merged().content else { throw source.noMapping }
                for other in others where names.insert(Array(try other.key.name.utf8)).inserted {
                    all.append(other)
                }
            }
        }
        return all
    }

    /// The mappings that a merge key names.
    private var sources: [YAMLNode] {
        get throws(YAMLError) {
            switch content {
            case .mapping: return [self]
            case .sequence(let items): return items
            case .scalar: throw noMapping
            }
        }
    }

    private var noMapping: YAMLError {
        YAMLError(start, "`<<` takes a mapping or a list of mappings")
    }

    private var hasMergeKey: Bool {
        switch content {
        case .scalar: false
        case .sequence(let items): items.contains(where: \.hasMergeKey)
        case .mapping(let pairs): pairs.contains { $0.key.isMerge || $0.value.hasMergeKey }
        }
    }

    private func with(_ content: Content) -> YAMLNode {
        YAMLNode(content: content, tag: tag, start: start, end: end)
    }
}

extension YAMLNode.Key {
    /// Whether it is a bare `<<`.
    fileprivate var isMerge: Bool {
        text == "<<" && (style == .plain && tag == nil || tag == "tag:yaml.org,2002:merge")
    }
}
