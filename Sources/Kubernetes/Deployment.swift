package import JSON

/// A Deployment, as far as workload identity is concerned: its pods' labels and environment.
package struct Deployment: Sendable {
    package let metadata: ObjectMeta
    /// Whether the pod template has a `metadata` to add to.
    package let hasTemplateMetadata: Bool
    package let templateLabels: StringMap
    package let templateAnnotations: StringMap
    /// The environment variables of all containers that are set to something.
    package let environment: [Variable]

    package static let group = "apps"
    package static let kind = "Deployment"

    /// One variable, where it stands, and what it is set to.
    package struct Variable: Sendable {
        package let name: String
        /// Such as `spec.template.spec.containers[0].env[2]`.
        package let path: String
        /// The container that has it, such as `containers/manager`, wherever in the list that stands.
        package let container: String
        /// The literal value; empty when the value comes from elsewhere.
        package let value: String
        /// What the value comes from, part by part, such as `secretKeyRef`, a Secret and a key.
        package let source: [String]
    }

    package init(_ object: JSONValue) throws(ReviewError) {
        metadata = try ObjectMeta(of: object)
        let template = try object.object("spec", "spec")?.object("template", "spec.template")
        guard let template else { throw ReviewError("spec.template is missing") }
        let templateMetadata = try template.object("metadata", "spec.template.metadata")
        hasTemplateMetadata = templateMetadata != nil
        templateLabels = try StringMap("labels", of: templateMetadata, "spec.template.metadata.labels")
        templateAnnotations = try StringMap(
            "annotations",
            of: templateMetadata,
            "spec.template.metadata.annotations"
        )
        let pod = try template.object("spec", "spec.template.spec")
        environment =
            try Self.variables(of: "initContainers", in: pod) + Self.variables(of: "containers", in: pod)
    }

    static func variables(of list: String, in pod: JSONValue?) throws(ReviewError) -> [Variable] {
        var found: [Variable] = []
        let path = "spec.template.spec.\(list)"
        guard let containers = try pod?.array(list, path) else { return [] }
        for (number, container) in containers.elements.enumerated() {
            let place = try container.text("name", "\(path)[\(number)].name")?.string ?? "\(number)"
            let path = "\(path)[\(number)].env"
            guard let variables = try container.array("env", path) else { continue }
            for (number, variable) in variables.elements.enumerated() {
                let path = "\(path)[\(number)]"
                let name = try variable.text("name", path + ".name")?.string ?? ""
                let value = try variable.text("value", path + ".value")?.string ?? ""
                let origin = try variable.object("valueFrom", path + ".valueFrom")
                guard !value.isEmpty || origin != nil else { continue }
                found.append(
                    Variable(
                        name: name,
                        path: path,
                        container: "\(list)/\(place)",
                        value: value,
                        source: try source(of: origin, path + ".valueFrom")
                    )
                )
            }
        }
        return found
    }

    private static func source(of origin: JSONValue?, _ path: String) throws(ReviewError) -> [String] {
        var parts: [String] = []
        for (kind, keys) in [
            ("secretKeyRef", ["name", "key"]), ("configMapKeyRef", ["name", "key"]),
            ("fieldRef", ["fieldPath"]),
        ] {
            guard let reference = try origin?.object(kind, "\(path).\(kind)") else { continue }
            parts.append(kind)
            for key in keys { parts.append(try reference.text(key, "\(path).\(kind).\(key)")?.string ?? "") }
        }
        return parts
    }
}
