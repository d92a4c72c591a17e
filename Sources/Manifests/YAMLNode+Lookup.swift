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
            Pair(key: Key(text: key, style: .quoted, tag: nil, start: value.start, end: value.start), value: value)
        }
        return YAMLNode(content: .mapping(made), tag: nil, start: first.start, end: first.end)
    }

    /// A text that nobody wrote.
    package static func text(_ text: String, at mark: YAMLMark) -> YAMLNode {
        YAMLNode(content: .scalar(text, .quoted), tag: nil, start: mark, end: mark)
    }
}
