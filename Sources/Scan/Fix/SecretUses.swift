import Manifests
package import Policy

/// Which of some Secrets the files of a tree still speak of, and where they are defined.
///
/// It is careful: a word that reads like the name, anywhere in any object, is a use.
package struct SecretUses {
    private let names: Set<String>
    private var used: Set<String> = []
    private var places: [String: String] = [:]

    /// The Secrets that may not be needed any more.
    package init(of secrets: [ObjectReference]) {
        names = Set(secrets.map(\.name))
    }

    /// Takes in a file, as it is after it was mended; of one that is no YAML, any word counts.
    package mutating func note(_ file: ManifestFile) {
        guard let documents = try? YAMLDocument.parse(file.bytes) else {
            for name in names where file.contains(name) { used.insert(name) }
            return
        }
        for document in documents { note(document.root, file, isMetadata: false) }
    }

    private mutating func note(_ node: YAMLNode, _ file: ManifestFile, isMetadata: Bool) {
        switch node.content {
        case .scalar(let text, _):
            let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
            for word in words.map(String.init) where names.contains(word) { used.insert(word) }
        case .sequence(let items):
            for item in items { note(item, file, isMetadata: false) }
        case .mapping(let pairs):
            if let name = node.text("metadata.name"), names.contains(name),
                node.text("kind")?.hasSuffix("Secret") == true
            {
                let line = node.child(at: "metadata.name")?.start.line ?? node.start.line
                places[name] = "\(file.path):\(line)"
            }
            for pair in pairs where !(isMetadata && pair.key.text == "name") {
                note(pair.value, file, isMetadata: pair.key.text == "metadata")
            }
        }
    }

    /// Whether nothing speaks of it any more.
    package func isUnused(_ secret: ObjectReference) -> Bool {
        !used.contains(secret.name)
    }

    /// The file and line of a manifest that makes it.
    package func place(of secret: ObjectReference) -> String? {
        places[secret.name]
    }
}
