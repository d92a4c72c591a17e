/// A value of a policy file that is being read: it knows the keys that lead to it, and where to complain.
///
/// Whatever is asked of it answers nil when the value is not what it should be, and has said so then: reading
/// goes on, and all that is wrong with a file is found at once.
struct NodeReader {
    /// What has been found wrong so far, by all readers of one file.
    final class Problems {
        fileprivate(set) var all: [PolicyFileError.Problem] = []
    }

    /// The keys that lead here, like `exemptions[0].rules`; empty at the root.
    let path: String
    private let node: YAMLNode
    private let problems: Problems

    init(_ node: YAMLNode, path: String = "", problems: Problems) {
        self.node = node
        self.path = path
        self.problems = problems
    }

    /// Says what is wrong with the value, or at `mark` inside it.
    func refuse(_ what: String, at mark: YAMLMark? = nil, path: String? = nil) {
        problems.all.append(PolicyFileError.Problem(mark ?? node.start, path: path ?? self.path, what))
    }

    /// What the text of a scalar says in `form`.
    func read<Value>(_ form: TextForm<Value>) -> Value? {
        guard let text = text(form.description) else { return nil }
        guard let value = form.parse(text) else {
            refuse("must be \(form.description)")
            return nil
        }
        return value
    }

    /// The case that is named by a scalar; `noun` says what the cases are.
    func readCase<Value: NamedCases>(_ noun: String) -> Value? {
        guard let text = text("one of \(Value.list)") else { return nil }
        guard let value = Value(rawValue: text) else {
            refuse(Value.unknown(noun, text))
            return nil
        }
        return value
    }

    /// What `read` makes of each item of a list, without those that it refuses.
    func readList<Value>(_ read: (NodeReader) -> Value?) -> [Value]? {
        guard case .sequence(let items) = content else { return refuse(otherThan: "a list") }
        return items.indices.compactMap { read(child(items[$0], at: "\(path)[\($0)]")) }
    }

    /// The same of a list that would mean nothing without an item.
    func readNonEmptyList<Value>(_ read: (NodeReader) -> Value?) -> [Value]? {
        if case .sequence([]) = content { refuse("must not be empty") }
        return readList(read)
    }

    /// What `read` makes of a mapping; a key that it does not ask for is refused.
    func readMapping<Value>(
        _ expected: String = "a mapping",
        _ read: (inout MappingReader) -> Value?
    ) -> Value? {
        guard case .mapping(let pairs) = content else { return refuse(otherThan: expected) }
        var mapping = MappingReader(pairs, of: self)
        let value = read(&mapping)
        mapping.refuseTheRest()
        return value
    }

    /// What `read` makes of each value of a mapping whose keys are names; `noun` says what they name.
    func readNamed<Name: NamedCases, Value>(
        _ noun: String,
        _ read: (NodeReader) -> Value?
    ) -> [Name: Value]? {
        guard case .mapping(let pairs) = content else { return refuse(otherThan: "a mapping") }
        var values: [Name: Value] = [:]
        for (key, value) in pairs.map({ ($0.key, $0.value) }) {
            if let name = Name(rawValue: key.text) {
                values[name] = read(child(value, at: keyPath(key.text)))
            } else {
                refuse(Name.unknown(noun, key.text), at: key.start)
            }
        }
        return values
    }

    /// A reader of a value inside this one.
    func child(_ node: YAMLNode, at path: String) -> NodeReader {
        NodeReader(node, path: path, problems: problems)
    }

    /// The path of the value of `key`.
    func keyPath(_ key: String) -> String {
        path.isEmpty ? Printable.name(key) : "\(path).\(Printable.name(key))"
    }

    /// What other readers take for a boolean or a number is text here: `off` is a mode, in quotes or not.
    private func text(_ expected: String) -> String? {
        guard !isNothing, case .scalar(let text, _) = content else { return refuse(otherThan: expected) }
        return text
    }

    /// Nil under a tag: a policy says nothing with one.
    private var content: YAMLNode.Content? {
        node.tag == nil ? node.content : nil
    }

    private var isNothing: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    private func refuse<Value>(otherThan expected: String) -> Value? {
        switch content {
        case nil: refuse("must be \(expected), without a tag")
        case .scalar where isNothing: refuse("has no value; it must be \(expected)")
        case .scalar: refuse("must be \(expected), not text")
        case .sequence: refuse("must be \(expected), not a list")
        case .mapping: refuse("must be \(expected), not a mapping")
        }
        return nil
    }
}
