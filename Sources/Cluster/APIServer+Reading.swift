package import JSON

extension APIServer {
    /// What a request gets; nil when there is no such thing.
    package func find(_ request: APIRequest) throws(ClusterError) -> JSONValue? {
        do throws(ClusterError) {
            return try send(request).root
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Hands over all objects of a kind, page by page.
    package func forEach(
        _ resource: Resource,
        in namespace: String? = nil,
        labels: String? = nil,
        _ take: (JSONValue) -> Void
    ) throws(ClusterError) {
        var token: String?
        repeat {
            let request = APIRequest.list(
                resource,
                namespace,
                labels: labels,
                limit: 200,
                continuing: token
            )
            let page = try send(request).root
            guard let items = page["items"] else { return }
            for object in items.elements { take(object) }
            token = page["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
    }
}
