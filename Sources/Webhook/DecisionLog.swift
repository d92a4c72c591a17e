package import HTTP
import JSON
import Kubernetes
package import Logging
import Policy
package import Sockets
import Synchronization

/// Logs decisions from a thread of its own: the admission path only puts them into a bounded queue.
package final class DecisionLog: Sendable {
    /// Decisions that were made but not logged, because the queue was full.
    package let dropped = Counter()
    private let logger: Logger
    private let queue = Mutex<[Decision]>([])
    /// Held while decisions are being logged, so that whoever flushes at the end waits for them too.
    private let logging = Mutex(())
    private let bell: Bell
    private static let limit = 4_096
    /// A Deployment may have a finding for each of thousands of variables; nobody reads them all.
    private static let mostFindings = 16

    package init(_ logger: Logger) throws(SystemError) {
        self.logger = logger
        bell = try Bell()
    }

    /// Starts to log.
    package func start() throws(SystemError) {
        _ = try Thread(named: "decisions") {
            while true {
                self.bell.wait()
                self.flush()
            }
        }
    }

    func add(_ decision: Decision) {
        let wasEmpty = queue.withLock { queue in
            guard queue.count < Self.limit else {
                dropped.add()
                return false
            }
            queue.append(decision)
            return queue.count == 1
        }
        if wasEmpty {
            bell.ring()
        }
    }

    /// Logs what is in the queue, on the calling thread.
    package func flush() {
        logging.withLock { _ in
            let decisions = queue.withLock { queue in
                defer { queue = [] }
                return queue
            }
            for decision in decisions {
                log(decision)
            }
        }
    }

    private func log(_ decision: Decision) {
        let verdict = decision.verdict
        var metadata: Logger.Metadata = [
            "webhook": "\(decision.webhook.rawValue)",
            "decision": "\(verdict.decision.rawValue)",
            "uid": "\(decision.uid)",
            "operation": "\(decision.operation.rawValue)",
            "kind": "\(decision.kind)",
            "namespace": "\(decision.namespace)",
            "name": "\(decision.name)",
            "user": "\(decision.user)",
            "dryRun": .stringConvertible(decision.isDryRun),
            "policy": "\(decision.policyHash.prefix(12))",
            "microseconds": .stringConvertible(decision.nanoseconds / 1_000),
        ]
        if !verdict.judgements.isEmpty {
            metadata["findings"] = .array(
                verdict.judgements.prefix(Self.mostFindings).map { judgement in
                    var finding: Logger.Metadata = [
                        "rule": "\(judgement.finding.rule.rawValue)",
                        "field": "\(judgement.finding.field)",
                        "message": "\(judgement.finding.message)",
                        "outcome": "\(judgement.disposition.label)",
                    ]
                    if let exemption = judgement.exemption {
                        finding["reason"] = "\(exemption.reason)"
                        finding["owner"] = "\(exemption.owner)"
                        finding["expires"] = "\(exemption.expires)"
                    }
                    return .dictionary(finding)
                }
            )
        }
        if !verdict.patch.isEmpty {
            metadata["patch"] = .array(verdict.patch.operations.map { "\($0.pointer)" })
        }
        logger.log(level: verdict.isAllowed ? .info : .notice, "admission decision", metadata: metadata)
    }
}
