import Kubernetes

/// Which object is judged.
struct Target {
    let kind: String
    let namespace: String
    /// The name, or what the API server is to make one from.
    let name: String
    /// Whether the name is yet to be completed.
    private let isGenerated: Bool

    init(kind: String, namespace: String, metadata: ObjectMeta) {
        self.kind = kind
        self.namespace = namespace
        isGenerated = metadata.name.isEmpty && !metadata.generateName.isEmpty
        name = isGenerated ? metadata.generateName : metadata.name
    }

    /// Whether the name fits; of one that is yet to be completed, however that is done.
    func isNamed(_ glob: Glob) -> Bool {
        guard isGenerated else { return glob.matches(name) }
        // The API server cuts what is longer before it adds five letters.
        return glob.matchesEverything(beginningWith: String(decoding: name.utf8.prefix(58), as: UTF8.self))
    }

    /// Such as `GitRepository apps/fleet`.
    var description: String {
        "\(kind) \(place)"
    }

    /// Such as `apps/fleet`.
    var place: String {
        let namespace = namespace.isEmpty ? "" : Shown.plain(namespace, or: "(not a valid namespace)") + "/"
        let name = Shown.plain(name, or: name.isEmpty ? "(no name)" : "(not a valid name)")
        return "\(namespace)\(name)\(isGenerated ? "*" : "")"
    }
}

/// Text of an object, fit to be shown.
package enum Shown {
    /// A name in quotes; what no Kubernetes name can be is not repeated.
    static func name(_ text: String) -> String {
        let plain = plain(text, or: "")
        return plain.isEmpty ? "(not a valid name)" : "\"\(plain)\""
    }

    /// `text`, or `other` when it is not what a Kubernetes name is made of.
    package static func plain(_ text: String, or other: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte &- UInt8(ascii: "a") < 26 || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        return isPlain && (1...253).contains(text.utf8.count) ? text : other
    }
}
