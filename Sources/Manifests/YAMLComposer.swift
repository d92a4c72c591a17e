/// Makes documents of events, within bounds.
struct YAMLComposer: ~Copyable {
    /// Deeper than any Kubernetes object, and shallow enough for any stack.
    private static let depthLimit = 100
    /// How many values aliases may stand for, in all: a bomb of a few lines stands for billions.
    private static let aliasedLimit = 100_000

    private var parser: YAMLParser
    private var anchors: [String: Anchored] = [:]
    /// How many values there are so far, those that aliases stand for included.
    private var count = 0
    private var aliased = 0

    private struct Anchored {
        let node: YAMLNode
        let count: Int
        let height: Int
    }

    init(_ parser: consuming YAMLParser) {
        self.parser = parser
    }

    /// All documents of the stream.
    mutating func documents() throws(YAMLError) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        while true {
            let event = try parser.next()
            if event.kind == .streamEnd { return documents }
            guard event.kind == .documentStart else { continue }
            anchors = [:]
            documents.append(YAMLDocument(root: try node(from: parser.next(), depth: 1)))
        }
    }

    private mutating func node(from event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try check(depth, event)
        let before = count
        count += 1
        // Until it is complete a value has no name: an alias inside it would never end.
        if let anchor = event.anchor, event.kind != .alias { anchors[anchor] = nil }

        var end = event.end
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let style): content = .scalar(text, style)
        case .sequenceStart: content = .sequence(try sequence(depth: depth, end: &end))
        case .mappingStart: content = .mapping(try mapping(depth: depth, end: &end))
        default: return try aliasedNode(event, depth: depth)
        }
        let node = YAMLNode(content: content, tag: event.tag, start: event.start, end: end)
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(node: node, count: count - before, height: node.height)
        }
        return node
    }

    private mutating func sequence(depth: Int, end: inout YAMLMark) throws(YAMLError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try parser.next()
            if event.kind == .sequenceEnd {
                end = event.end(after: items.last?.end ?? end)
                return items
            }
            items.append(try node(from: event, depth: depth + 1))
        }
    }

    private mutating func mapping(depth: Int, end: inout YAMLMark) throws(YAMLError) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        // By bytes: two keys that Unicode holds equivalent are two keys.
        var lines: [[UInt8]: Int] = [:]
        while true {
            let event = try parser.next()
            if event.kind == .mappingEnd {
                end = event.end(after: pairs.last?.value.end ?? end)
                return pairs
            }
            let keyNode = try node(from: event, depth: depth + 1)
            guard case .scalar(let text, let style) = keyNode.content else {
                throw YAMLError(keyNode.start, "a key must be text, not a list or a mapping")
            }
            let key = YAMLNode.Key(
                text: text,
                style: style,
                tag: keyNode.tag,
                start: keyNode.start,
                end: keyNode.end
            )
            if let first = lines.updateValue(key.start.line, forKey: Array(text.utf8)) {
                throw YAMLError(
                    key.start,
                    "\(Printable.key(text)) is here again; the first is on line \(first)"
                )
            }
            let value = try node(from: parser.next(), depth: depth + 1)
            pairs.append(YAMLNode.Pair(key: key, value: value))
        }
    }

    private mutating func aliasedNode(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        let name = event.anchor ?? ""
        guard let anchored = anchors[name] else {
            throw YAMLError(
                event.start,
                "an alias names no value that is complete before it"
            )
        }
        try check(depth + anchored.height - 1, event)
        count += anchored.count
        aliased += anchored.count
        guard aliased <= Self.aliasedLimit else {
            throw YAMLError(event.start, "aliases stand for more than \(Self.aliasedLimit) values")
        }
        let node = anchored.node
        return YAMLNode(content: node.content, tag: node.tag, start: event.start, end: event.end)
    }

    private func check(_ depth: Int, _ event: YAMLEvent) throws(YAMLError) {
        guard depth <= Self.depthLimit else {
            throw YAMLError(event.start, "nested more than \(Self.depthLimit) deep")
        }
    }
}

extension YAMLEvent {
    /// The end of a collection: its bracket, or its last value's when there is none.
    ///
    /// libyaml ends a block collection where the next thing begins, past blank lines and comments.
    fileprivate func end(after last: YAMLMark) -> YAMLMark {
        start == end ? last : end
    }
}

extension YAMLNode {
    /// How many levels it has.
    fileprivate var height: Int {
        switch content {
        case .scalar: 1
        case .sequence(let items): 1 + (items.map(\.height).max() ?? 0)
        case .mapping(let pairs): 1 + (pairs.map(\.value.height).max() ?? 0)
        }
    }
}
