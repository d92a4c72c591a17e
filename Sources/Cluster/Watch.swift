import HTTP
package import JSON
import Sockets

/// The objects of a kind, followed through all their changes.
///
/// First a list, page by page, then the changes after it as they happen (Kubernetes API concepts, "Efficient detection of
/// changes"). A connection that breaks is taken up where it broke; when that is too long ago, the list comes again.
package struct Watch: Sendable {
    package enum Event {
        /// What follows until `listed` is all there is.
        case reset
        /// An object that there is, or that is another now.
        case changed(JSONValue)
        case deleted(JSONValue)
        case listed
    }

    private let server: APIServer
    private let resource: Resource
    private let namespace: String?
    private let name: String?
    /// Told why a try failed; the next one comes after a while.
    private let failed: @Sendable (ClusterError) -> Void

    /// Follows all objects, or those of a namespace, or the one called `name`.
    package init(
        _ server: APIServer,
        _ resource: Resource,
        namespace: String? = nil,
        name: String? = nil,
        seconds: Int = 300,
        page: Int = 500,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) {
        self.seconds = seconds
        self.page = page
        self.server = server
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.failed = failed
    }

    /// How long one watch lasts before the server ends it.
    private let seconds: Int
    /// How many objects are in memory at once while they are listed.
    private let page: Int

    /// What is to be done after a while of watching.
    package enum Next {
        case follow
        /// From the beginning: what is known of the objects counts no more.
        case list
        case stop
    }

    /// Follows them on the calling thread and tells `handle` of each event; asks `next` before each while of watching.
    package func run(next: () -> Next = { .follow }, _ handle: (Event) -> Void) {
        var backoff = Backoff()
        var version: String?
        while true {
            switch next() {
            case .follow: break
            case .list: version = nil
            case .stop: return
            }
            do throws(ClusterError) {
                if version == nil {
                    version = try list(handle)
                }
                version = try follow(after: version ?? "", handle)
                backoff.reset()
            } catch {
                if error.isGone {
                    version = nil
                } else {
                    failed(error)
                    Clock.sleep(milliseconds: backoff.next() / 1_000_000)
                }
            }
        }
    }

    /// Tells of all there is; the version to watch from.
    private func list(_ handle: (Event) -> Void) throws(ClusterError) -> String {
        handle(.reset)
        var next: String?
        while true {
            let page = try server.send(
                .list(resource, namespace, name: name, limit: page, continuing: next)
            ).root
            for object in page["items"]?.elements ?? page.elements {
                handle(.changed(object))
            }
            next = page["metadata"]?["continue"]?.string
            guard next?.isEmpty == false else {
                handle(.listed)
                return page["metadata"]?["resourceVersion"]?.string ?? "0"
            }
        }
    }

    /// Tells of the changes after `version` until the watch ends; the version to go on from.
    private func follow(after version: String, _ handle: (Event) -> Void) throws(ClusterError) -> String {
        let deadline = Clock.monotonic + (seconds + 30) * 1_000_000_000
        let request = APIRequest.watch(resource, namespace, name: name, after: version, seconds: seconds)
        var connection = try server.stream(request, until: deadline)
        var version = version
        var pending: [UInt8] = []
        while let part = try read(&connection, request, until: deadline) {
            pending += part
            // An event is a line.
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                if !line.isEmpty {
                    version = try dispatch(line, handle) ?? version
                }
            }
        }
        return version
    }

    private func read(
        _ connection: inout ClientConnection,
        _ request: APIRequest,
        until deadline: Int
    ) throws(ClusterError) -> [UInt8]? {
        do throws(ClientError) {
            return try connection.readPart(until: deadline)
        } catch {
            throw ClusterError("\(request): \(error)")
        }
    }

    /// Tells of one event; the version after it.
    private func dispatch(_ line: [UInt8], _ handle: (Event) -> Void) throws(ClusterError) -> String? {
        guard let root = (try? JSONDocument(line))?.root, let type = root["type"]?.string,
            let object = root["object"]
        else { throw ClusterError("watch \(resource.plural): an event that is none") }
        switch type {
        case "ADDED", "MODIFIED": handle(.changed(object))
        case "DELETED": handle(.deleted(object))
        case "BOOKMARK": break
        default:
            let status = object["code"]?.number.flatMap { Int($0) }
            let message = object["message"]?.string ?? "the watch has failed"
            throw ClusterError("watch \(resource.plural): \(message)", status: status)
        }
        return object["metadata"]?["resourceVersion"]?.string
    }
}
