package import Cluster
import HTTP
import JSON
package import Sockets
import Synchronization

/// How the replicas tell the leader what they have refused, so that it can report it.
///
/// Each keeps a Lease of its own in the installation's namespace, with its tally in an annotation, written at most twice a
/// minute and only when something was refused. A Lease it is because there is nothing that the right to write one opens.
package final class RejectionExchange: AuditConsumer {
    private let server: APIServer
    private let namespace: String
    private let installation: String
    private let replica: String
    private let failed: @Sendable (ClusterError) -> Void
    private let tally = Mutex(RejectionTally())

    private static let annotation = "patless.dev/rejections"
    private static let label = "patless.dev/rejections-of"

    /// `installation` and `replica` are the names of both; `failed` is told why something was not written or read.
    package init(
        _ server: APIServer,
        namespace: String,
        installation: String,
        replica: String,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) {
        self.server = server
        self.namespace = namespace
        self.installation = installation
        self.replica = replica
        self.failed = failed
    }

    package func take(_ records: [AuditRecord], lost: Int) {
        tally.withLock { tally in
            for record in records { tally.add(record) }
        }
    }

    /// Starts to tell, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "rejections") {
            var told = RejectionTally()
            while true {
                Clock.sleep(milliseconds: 30_000)
                let current = self.tally.withLock { tally in
                    tally.prune(at: self.server.now)
                    return tally
                }
                guard current != told else { continue }
                do throws(ClusterError) {
                    try self.tell(current)
                    told = current
                } catch {
                    self.failed(error)
                }
            }
        }
    }

    private func tell(_ tally: RejectionTally) throws(ClusterError) {
        let owner = try server.find(.get(.leases, namespace, installation))?["metadata"]?["uid"]?.string
        let name = "\(installation)-rejections-\(replica)"
        var text: [UInt8] = []
        text.writeJSON { json in
            json.object { json in
                json.member("apiVersion", Resource.leases.apiVersion)
                json.member("kind", Resource.leases.kind)
                json.key("metadata")
                json.object { json in
                    json.member("name", name)
                    json.key("labels")
                    json.object { $0.member(Self.label, installation) }
                    json.key("annotations")
                    json.object { $0.member(Self.annotation, tally.text) }
                    // Goes with the installation.
                    if let owner {
                        json.key("ownerReferences")
                        json.array { json in
                            json.object { json in
                                json.member("apiVersion", Resource.leases.apiVersion)
                                json.member("kind", Resource.leases.kind)
                                json.member("name", installation)
                                json.member("uid", owner)
                            }
                        }
                    }
                }
                json.key("spec")
                json.object { json in
                    json.member("holderIdentity", replica)
                    json.member("renewTime", Timestamp.micro(server.now))
                }
            }
        }
        _ = try server.send(.apply(.leases, namespace, name, text, manager: "patless", force: true))
    }

    /// What all replicas have refused within a day; what a replica left behind that is long gone is removed.
    func all() throws(ClusterError) -> [RejectionTally.Entry] {
        var all = RejectionTally()
        let leases = try server.send(.list(.leases, namespace, labels: "\(Self.label)=\(installation)")).root
        for lease in leases["items"]?.elements.map(\.self) ?? [] {
            let metadata = lease["metadata"]
            var tally = RejectionTally(metadata?["annotations"]?[Self.annotation]?.string ?? "")
            tally.prune(at: server.now)
            for entry in tally.entries { all.add(entry) }
            let renewed = lease["spec"]?["renewTime"]?.string.flatMap(Timestamp.second) ?? server.now
            if server.now - renewed > 2 * RejectionTally.seconds, let name = metadata?["name"]?.string {
                _ = try server.send(.delete(.leases, namespace, name))
            }
        }
        return all.entries
    }
}
