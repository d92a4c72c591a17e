package import Cluster
package import HTTP
import JSON
import Kubernetes
import Policy
package import Sockets
import Synchronization

/// Tells of refusals where people look for them: as Events on the objects that were refused.
///
/// None for a dry run, which changes nothing. An object that was never created has no uid, so `flux events` shows its Events
/// and `kubectl describe`, which has nothing to describe, does not.
package final class RefusalEvents: AuditConsumer {
    package let written = Counter()
    private let server: APIServer
    private let reporter: String
    private let failed: @Sendable (ClusterError) -> Void
    private let series = Mutex(EventSeries(at: Clock.monotonic))
    private let bell: Bell

    /// `reporter` is the name of this replica; `failed` is told why an Event was not written.
    package init(
        _ server: APIServer,
        reporter: String,
        failed: @escaping @Sendable (ClusterError) -> Void
    ) throws(SystemError) {
        self.server = server
        self.reporter = reporter
        self.failed = failed
        bell = try Bell()
    }

    package func take(_ records: [AuditRecord], lost: Int) {
        let events = records.compactMap { ClusterEvent(of: $0, by: reporter) }
        guard !events.isEmpty else { return }
        let now = Clock.monotonic
        series.withLock { series in
            for event in events { series.note(event, at: now) }
        }
        bell.ring()
    }

    /// Refusals that no Event tells of.
    package var dropped: Int { series.withLock(\.dropped) }

    /// Starts to write, on a thread of its own.
    package func start() throws(SystemError) {
        _ = try Thread(named: "events") {
            while true {
                self.bell.wait(milliseconds: 5_000)
                for step in self.series.withLock({ $0.steps(at: Clock.monotonic) }) { self.write(step) }
            }
        }
    }

    private func write(_ step: EventSeries.Step) {
        do throws(ClusterError) {
            switch step {
            case .create(let event):
                let answer = try server.send(event.request(at: server.now))
                let name = answer.root["metadata"]?["name"]?.string
                series.withLock { $0.wrote(event, as: name) }
            case .update(let event, let name, let count):
                _ = try server.send(event.request(count: count, of: name, at: server.now))
            }
            written.add()
        } catch {
            series.withLock { series in
                switch step {
                case .update(let event, _, _) where error.isNotFound: series.wrote(event, as: nil)
                case .update(let event, _, _), .create(let event): series.failed(event)
                }
            }
            failed(error)
        }
    }
}

extension ClusterEvent {
    /// The Event that tells of a refusal; nil for a decision that refuses nothing, and for a dry run.
    init?(of record: AuditRecord, by reporter: String) {
        let name = Shown.plain(record.name, or: "")
        let namespace = Shown.plain(record.namespace, or: "")
        guard record.verdict.decision == .deny, !record.isDryRun, !namespace.isEmpty, !name.isEmpty
        else { return nil }
        let version = record.group.isEmpty ? record.version : "\(record.group)/\(record.version)"
        let findings = record.verdict.judgements.filter(\.isDenied).map(\.finding)
        let told = findings.map { "\($0.field) (\($0.rule.rawValue)) \($0.message) Fix: \($0.fix)." }
        self.init(
            regarding: .init(
                apiVersion: version,
                kind: record.kind,
                namespace: namespace,
                name: name,
                uid: record.objectUID
            ),
            reason: "StaticCredential",
            action: record.operation == .create ? "Create" : "Update",
            note: "\(record.operation.rawValue) by \(record.user) was refused: "
                + told.joined(separator: " "),
            reporter: reporter
        )
    }
}
