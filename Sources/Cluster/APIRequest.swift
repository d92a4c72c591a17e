import HTTP
import JSON

/// One request to an API server.
package struct APIRequest: Sendable, CustomStringConvertible {
    /// What is asked, as RBAC calls it.
    package enum Verb: String, CaseIterable, Sendable {
        case get, list, watch, create, update, patch, delete
    }

    /// How a patch is to be understood.
    package enum PatchKind: String, Sendable {
        /// RFC 6902.
        case json = "application/json-patch+json"
        /// RFC 7386.
        case merge = "application/merge-patch+json"
        /// Server-side apply; JSON is YAML.
        case apply = "application/apply-patch+yaml"
    }

    package let verb: Verb
    let namespace: String?
    let name: String?
    let message: ClientRequest
    /// What is asked for, for people.
    private let what: String

    private init(_ path: String) {
        verb = .get
        namespace = nil
        name = nil
        what = path
        message = ClientRequest("GET", path, fields: [("Accept", "application/json")], body: [])
    }

    private init(
        _ verb: Verb,
        _ method: String,
        _ resource: Resource,
        _ namespace: String?,
        _ name: String?,
        query: [(String, String)] = [],
        contentType: String = "application/json",
        body: [UInt8] = []
    ) {
        self.verb = verb
        what = resource.plural + (resource.group.isEmpty ? "" : ".\(resource.group)")
        self.namespace = namespace
        self.name = name
        // A create is posted to all, a list of one is asked for by a selector.
        let inPath = [.create, .list, .watch].contains(verb) ? nil : name
        let path = resource.path(namespace: namespace, name: inPath) + Query.text(query)
        var fields = [("Accept", "application/json")]
        if !body.isEmpty { fields.append(("Content-Type", contentType)) }
        message = ClientRequest(method, path, fields: fields, body: body)
    }

    /// What the API server says of itself at `path`.
    package static func discovery(_ path: String) -> APIRequest {
        APIRequest(path)
    }

    package static func get(_ resource: Resource, _ namespace: String? = nil, _ name: String) -> APIRequest {
        APIRequest(.get, "GET", resource, namespace, name)
    }

    /// A page of a list: of `limit` objects at most, from where `continuing` says; of the one called `name` if given.
    package static func list(
        _ resource: Resource,
        _ namespace: String? = nil,
        name: String? = nil,
        labels: String? = nil,
        limit: Int = 500,
        continuing token: String? = nil
    ) -> APIRequest {
        var query = selectors(name, labels) + [("limit", String(limit))]
        if let token { query.append(("continue", token)) }
        return APIRequest(.list, "GET", resource, namespace, name, query: query)
    }

    /// The changes after `version`, with bookmarks, for about so many seconds.
    static func watch(
        _ resource: Resource,
        _ namespace: String?,
        name: String?,
        after version: String,
        seconds: Int
    ) -> APIRequest {
        let query = [
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
            ("timeoutSeconds", String(seconds)),
        ]
        return APIRequest(.watch, "GET", resource, namespace, name, query: selectors(name, nil) + query)
    }

    package static func create(_ resource: Resource, _ namespace: String? = nil, _ object: [UInt8])
        -> APIRequest
    {
        APIRequest(.create, "POST", resource, namespace, nil, body: object)
    }

    /// The same for show: the object passes admission and is not stored.
    package static func dryRun(_ resource: Resource, _ namespace: String? = nil, _ object: [UInt8])
        -> APIRequest
    {
        APIRequest(.create, "POST", resource, namespace, nil, query: [("dryRun", "All")], body: object)
    }

    /// Replaces an object; one that names its resource version is only replaced if it still has it.
    package static func update(
        _ resource: Resource,
        _ namespace: String? = nil,
        _ name: String,
        _ object: [UInt8]
    ) -> APIRequest {
        APIRequest(.update, "PUT", resource, namespace, name, body: object)
    }

    package static func delete(_ resource: Resource, _ namespace: String? = nil, _ name: String) -> APIRequest
    {
        APIRequest(.delete, "DELETE", resource, namespace, name)
    }

    package static func patch(
        _ resource: Resource,
        _ namespace: String? = nil,
        _ name: String,
        _ kind: PatchKind,
        _ patch: [UInt8]
    ) -> APIRequest {
        APIRequest(.patch, "PATCH", resource, namespace, name, contentType: kind.rawValue, body: patch)
    }

    /// Server-side apply: the fields that `manager` wants the object to have; `force` takes them from other managers.
    package static func apply(
        _ resource: Resource,
        _ namespace: String? = nil,
        _ name: String,
        _ object: [UInt8],
        manager: String,
        force: Bool = false
    ) -> APIRequest {
        let query = [("fieldManager", manager)] + (force ? [("force", "true")] : [])
        return APIRequest(
            .patch,
            "PATCH",
            resource,
            namespace,
            name,
            query: query,
            contentType: PatchKind.apply.rawValue,
            body: object
        )
    }

    private static func selectors(_ name: String?, _ labels: String?) -> [(String, String)] {
        [("fieldSelector", name.map { "metadata.name=\($0)" }), ("labelSelector", labels)]
            .compactMap { name, value in value.map { (name, $0) } }
    }

    /// Such as `get secrets patless/patless-ca`.
    package var description: String {
        let target = [namespace, name].compactMap(\.self).joined(separator: "/")
        return "\(verb.rawValue) \(what)" + (target.isEmpty ? "" : " \(target)")
    }
}
