import Cluster
import JSON
import Kubernetes
import Policy

/// String fields of an object, as server-side apply takes them: what one field manager wants them to be.
///
/// Applying replaces all that the manager has applied before (Kubernetes, "Server-Side Apply"), so what it still wants must
/// be said each time.
struct FieldSet {
    private(set) var fields: [(path: [String], text: String)] = []
    /// Whether another manager's value is to be replaced.
    private(set) var replaces = false

    /// What `patch` puts there.
    init(_ patch: JSONPatch) {
        for operation in patch.operations {
            replaces = replaces || operation.kind == .replace
            add(operation.path, operation.value)
        }
    }

    /// Adds what `manager` has applied to `object` before, as it is there.
    mutating func keep(of object: JSONValue, appliedBy manager: String) {
        for entry in object["metadata"]?["managedFields"]?.elements.map(\.self) ?? []
        where entry["manager"]?.equals(manager) == true && entry["operation"]?.equals("Apply") == true {
            collect(entry["fieldsV1"], object, [])
        }
    }

    mutating func add(_ path: [String], _ value: JSONPatch.Value) {
        switch value {
        case .string(let text): fields.append((path, text))
        case .object(let members): members.forEach { add(path + [$0.key], $0.value) }
        }
    }

    /// The members of fieldsV1 are named `f:` and the field; what has none is a field itself.
    private mutating func collect(_ set: JSONValue?, _ object: JSONValue?, _ path: [String]) {
        for (key, inner) in set?.members.map(\.self) ?? [] {
            guard let name = key.string, name.hasPrefix("f:") else { continue }
            let field = String(name.dropFirst(2))
            if let text = object?[field]?.string {
                if !fields.contains(where: { $0.path == path + [field] }) {
                    fields.append((path + [field], text))
                }
            } else {
                collect(inner, object?[field], path + [field])
            }
        }
    }

    /// Writes them as the members of an object that is open.
    func write(into json: inout JSONWriter) {
        Self.write(fields.map { (path: $0.path[...], text: $0.text) }, into: &json)
    }

    private static func write(
        _ fields: [(path: ArraySlice<String>, text: String)],
        into json: inout JSONWriter
    ) {
        var written: [String] = []
        for field in fields {
            guard let key = field.path.first, !written.contains(key) else { continue }
            written.append(key)
            json.key(key)
            if field.path.count == 1 {
                json.string(field.text)
            } else {
                let below = fields.filter { $0.path.first == key && $0.path.count > 1 }
                json.object { Self.write(below.map { ($0.path.dropFirst(), $0.text) }, into: &$0) }
            }
        }
    }
}
