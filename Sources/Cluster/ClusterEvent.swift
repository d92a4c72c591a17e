import JSON

/// Something that happened to an object, as `kubectl describe` shows it (events.k8s.io/v1).
package struct ClusterEvent: Sendable {
    private let regarding: Resource
    private let namespace: String
    private let name: String
    private let reason: String
    private let action: String
    private let note: String
    private let reporter: String

    /// A warning about an object; `reporter` is the name of this replica.
    package init(
        regarding: Resource,
        namespace: String,
        name: String,
        reason: String,
        action: String,
        note: String,
        reporter: String
    ) {
        self.regarding = regarding
        self.namespace = namespace
        self.name = name
        self.reason = reason
        self.action = action
        self.note = note
        self.reporter = reporter
    }

    private static let events = Resource("events.k8s.io", "v1", "events", kind: "Event")

    /// The request that writes it, at a second since 1970.
    package func request(at now: Int) -> APIRequest {
        var object: [UInt8] = []
        object.writeJSON { json in
            json.object { json in
                json.member("apiVersion", Self.events.apiVersion)
                json.member("kind", Self.events.kind)
                json.key("metadata")
                json.object { json in
                    json.member("namespace", namespace)
                    json.member("generateName", "\(name).")
                }
                json.member("eventTime", Timestamp.micro(now))
                json.member("type", "Warning")
                json.member("reason", reason)
                json.member("action", action)
                // The API's bound is 1,024 bytes.
                json.member("note", String(note.prefix(900)))
                json.member("reportingController", "patless.dev/patless")
                json.member("reportingInstance", String(reporter.prefix(128)))
                json.key("regarding")
                json.object { json in
                    json.member("apiVersion", regarding.apiVersion)
                    json.member("kind", regarding.kind)
                    json.member("namespace", namespace)
                    json.member("name", name)
                }
            }
        }
        return .create(Self.events, namespace, object)
    }
}
