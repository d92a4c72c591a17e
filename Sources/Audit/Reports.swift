package import Cluster
package import HTTP
import JSON
package import Sockets

/// Publishes what the scan finds: one report a namespace, written only when it says something else, removed when it has
/// nothing to say.
package final class Reports: Sendable {
    /// Reports that were written or removed.
    package let written = Counter()
    private let server: APIServer
    private let installation: String
    private let scan: ClusterScan
    private let exchange: RejectionExchange
    private let isLeader: @Sendable () -> Bool
    private let failed: @Sendable (ClusterError) -> Void

    /// `installation` is its name; `failed` is told why something could not be published.
    package init(
        _ server: APIServer,
        installation: String,
        scan: ClusterScan,
        exchange: RejectionExchange,
        isLeader: @escaping @Sendable () -> Bool,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) {
        self.server = server
        self.installation = installation
        self.scan = scan
        self.exchange = exchange
        self.isLeader = isLeader
        self.failed = failed
    }

    /// Starts to publish, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "reports") {
            // The digests of the reports that there are, by namespace; nil when that must be read first.
            var known: [String: String]?
            while true {
                Clock.sleep(milliseconds: 5_000)
                guard self.isLeader() else {
                    known = nil
                    continue
                }
                do throws(ClusterError) {
                    try self.publish(&known)
                } catch {
                    known = nil
                    self.failed(error)
                }
            }
        }
    }

    private func publish(_ known: inout [String: String]?) throws(ClusterError) {
        // What is not known in full is not published: a report would be removed and come again.
        let kinds = scan.kinds
        guard !kinds.isEmpty, let resource = try ReportAPI.resource(of: server) else { return }
        var digests = known ?? [:]
        if known == nil { digests = try published(as: resource) }
        let reports = NamespaceReport.all(of: kinds, try exchange.all())
        for report in reports {
            let (text, digest) = report.object(as: resource, by: installation)
            guard digests[report.namespace] != digest else { continue }
            do throws(ClusterError) {
                _ = try server.send(
                    .apply(
                        resource,
                        report.namespace,
                        NamespaceReport.name,
                        text,
                        manager: "patless",
                        force: true
                    )
                )
                written.add()
            } catch {
                // A namespace that is not there: somebody tried to create something in it.
                guard error.isNotFound else { throw error }
            }
            digests[report.namespace] = digest
        }
        for namespace in digests.keys.sorted() where !reports.contains(where: { $0.namespace == namespace }) {
            do throws(ClusterError) {
                _ = try server.send(.delete(resource, namespace, NamespaceReport.name))
                written.add()
            } catch {
                guard error.isNotFound else { throw error }
            }
            digests[namespace] = nil
        }
        known = digests
    }

    /// The digests of the reports that there are.
    private func published(as resource: Resource) throws(ClusterError) -> [String: String] {
        var digests: [String: String] = [:]
        var next: String?
        repeat {
            let label = "\(NamespaceReport.managedBy)=\(installation)"
            let page = try server.send(.list(resource, labels: label, limit: 100, continuing: next)).root
            for report in page["items"]?.elements.map(\.self) ?? [] {
                let metadata = report["metadata"]
                guard let namespace = metadata?["namespace"]?.string else { continue }
                digests[namespace] = metadata?["annotations"]?[NamespaceReport.digestKey]?.string ?? ""
            }
            next = page["metadata"]?["continue"]?.string
        } while next?.isEmpty == false
        return digests
    }
}
