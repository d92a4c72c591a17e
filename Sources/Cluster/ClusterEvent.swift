import JSON

/// Something that happened to an object, as `kubectl describe` shows it (events.k8s.io/v1).
package struct ClusterEvent: Sendable, Hashable {
    /// Which object; `kubectl describe` finds it by its uid, `flux events` by its name.
    package struct Object: Sendable, Hashable {
        package let apiVersion: String
        package let kind: String
        package let namespace: String
        package let name: String
        package let uid: String

        package init(apiVersion: String, kind: String, namespace: String, name: String, uid: String = "") {
            self.apiVersion = apiVersion
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    package let regarding: Object
    private let reason: String
    private let action: String
    private let note: String
    private let reporter: String

    /// A warning about an object; `reporter` is the name of this replica.
    package init(regarding: Object, reason: String, action: String, note: String, reporter: String) {
        self.regarding = regarding
        self.reason = reason
        self.action = action
        // The API's bound is 1,024 bytes.
        self.note = Self.cut(note, to: 1_024)
        self.reporter = Self.cut(reporter, to: 128)
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
                    json.member("namespace", regarding.namespace)
                    json.member("generateName", "\(regarding.name.prefix(200))-")
                }
                json.member("eventTime", Timestamp.micro(now))
                json.member("type", "Warning")
                json.member("reason", reason)
                json.member("action", action)
                json.member("note", note)
                json.member("reportingController", "patless.dev/patless")
                json.member("reportingInstance", reporter)
                json.key("regarding")
                json.object { json in
                    json.member("apiVersion", regarding.apiVersion)
                    json.member("kind", regarding.kind)
                    json.member("namespace", regarding.namespace)
                    json.member("name", regarding.name)
                    if !regarding.uid.isEmpty { json.member("uid", regarding.uid) }
                }
            }
        }
        return .create(Self.events, regarding.namespace, object)
    }

    /// The request that says of the Event called `name` that it has happened `count` times, last at `now`.
    package func request(count: Int, of name: String, at now: Int) -> APIRequest {
        var patch: [UInt8] = []
        patch.writeJSON { json in
            json.object { json in
                json.key("series")
                json.object { json in
                    json.member("count", count)
                    json.member("lastObservedTime", Timestamp.micro(now))
                }
            }
        }
        return .patch(Self.events, regarding.namespace, name, .merge, patch)
    }

    private static func cut(_ text: String, to bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var cut = text.prefix(bytes - 3)
        while cut.utf8.count > bytes - 3 { cut.removeLast() }
        return cut + "..."
    }
}
