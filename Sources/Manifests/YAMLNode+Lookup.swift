/// Looking into a node whose shape is known, and making one.
extension YAMLNode {
    /// What a mapping has under `key`.
    package func child(named key: String) -> YAMLNode? {
        pair(named: key)?.value
    }

    /// The same with its key.
    package func pair(named key: String) -> Pair? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs.first { $0.key.text.utf8.elementsEqual(key.utf8) }
    }

    /// The value at a path of plain keys, such as `spec.patches`.
    package func child(at path: String) -> YAMLNode? {
        path.split(separator: ".").reduce(self as YAMLNode?) { $0?.child(named: String($1)) }
    }

    /// The scalar at such a path, as it is written.
    package func text(_ path: String) -> String? {
        guard case .scalar(let text, _)? = child(at: path)?.content else { return nil }
        return text
    }

    /// What a list has; nothing for what is none.
    package var items: [YAMLNode] {
        if case .sequence(let items) = content { items } else { [] }
    }

    /// A mapping that nobody wrote, which is said to be where its first value is.
    package static func mapping(_ pairs: [(String, YAMLNode)]) -> YAMLNode? {
        guard let first = pairs.first?.1 else { return nil }
        let made = pairs.map { key, value in
            Pair(
                key: Key(text: key, style: .quoted, tag: nil, start: value.start, end: value.start),
                value: value
            )
        }
        return YAMLNode(content: .mapping(made), tag: nil, start: first.start, end: first.end)
    }

    /// The bytes that scalars and keys take, in no order.
    package var scalarRanges: [Range<Int>] {
        switch content {
        case .scalar: [range]
        case .sequence(let items): items.flatMap(\.scalarRanges)
        case .mapping(let pairs):
            pairs.flatMap { [$0.key.start.offset..<$0.key.end.offset] + $0.value.scalarRanges }
        }
    }

    /// A mapping with each pair replaced by what `change` makes of it.
    package func mapped(_ change: (Pair) -> [(Key, YAMLNode)]) -> YAMLNode {
        guard case .mapping(let pairs) = content else { return self }
        let changed = pairs.flatMap { change($0).map { Pair(key: $0.0, value: $0.1) } }
        return YAMLNode(content: .mapping(changed), tag: tag, start: start, end: end)
    }

    /// The node in which each mapping that begins at one of these offsets is another.
    package func replacing(_ others: [Int: YAMLNode]) -> YAMLNode {
        switch content {
        case .scalar: self
        case .sequence(let items):
            YAMLNode(content: .sequence(items.map { $0.replacing(others) }), tag: tag, start: start, end: end)
        case .mapping: others[start.offset] ?? mapped { [($0.key, $0.value.replacing(others))] }
        }
    }

    /// A text that nobody wrote.
    package static func text(_ text: String, at mark: YAMLMark) -> YAMLNode {
        YAMLNode(content: .scalar(text, .quoted), tag: nil, start: mark, end: mark)
    }
}

extension YAMLNode.Key {
    /// A key that nobody wrote.
    package static func text(_ text: String, at mark: YAMLMark) -> YAMLNode.Key {
        YAMLNode.Key(text: text, style: .quoted, tag: nil, start: mark, end: mark)
    }
}
