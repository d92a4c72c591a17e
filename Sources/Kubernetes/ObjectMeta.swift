package import JSON

/// The part that every Kubernetes object has: what it is called, and what is said about it.
package struct ObjectMeta: Sendable {
    package let name: String
    /// What the API server makes a name from; empty when there is a name.
    package let generateName: String
    package let namespace: String
    private let value: JSONValue?

    package init(of object: JSONValue) throws(ReviewError) {
        let value = try object.object("metadata", "metadata")
        self.value = value
        name = try value?.text("name", "metadata.name")?.string ?? ""
        generateName =
            name.isEmpty ? try value?.text("generateName", "metadata.generateName")?.string ?? "" : ""
        namespace = try value?.text("namespace", "metadata.namespace")?.string ?? ""
    }

    /// Whether somebody has asked for the object to be deleted.
    package var isUnderDeletion: Bool {
        get throws(ReviewError) { try value?.value("deletionTimestamp") != nil }
    }

    package var annotations: StringMap {
        get throws(ReviewError) { try StringMap("annotations", of: value, "metadata.annotations") }
    }

    package var labels: StringMap {
        get throws(ReviewError) { try StringMap("labels", of: value, "metadata.labels") }
    }
}

/// A map of strings, such as labels or annotations; absent and null alike are none.
package struct StringMap: Sendable {
    private let value: JSONValue?
    private let path: String

    package init(_ key: String, of parent: JSONValue?, _ path: String) throws(ReviewError) {
        value = try parent?.object(key, path)
        self.path = path
    }

    package var isPresent: Bool { value != nil }

    /// What stands under `key`; nil when nothing or null does.
    package subscript(_ key: String) -> String? {
        get throws(ReviewError) {
            try value?.text(key, "\(path)[\(key)]")?.string
        }
    }
}
