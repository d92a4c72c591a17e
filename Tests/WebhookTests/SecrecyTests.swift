import Foundation
import Logging
import Policy
import Sockets
import Synchronization
import TestSupport
import Testing

@testable import Audit
@testable import Cluster
@testable import HTTP
@testable import Webhook

@Suite("A secret in a request")
struct SecrecyTests {
    private static let secret = "Zq7Rt0kenValue"

    /// A GitRepository with it wherever somebody may have put it, by what of the review says it.
    private static let specs = [
        #"{"url":"https://user:§@dev.azure.com/o/p/_git/r"}"#,
        #"{"url":"https://§@dev.azure.com/o/p/_git/r"}"#,
        #"{"url":"https://host/r?access_token=§","provider":"azure"}"#, #"{"url":"https://host/r#§"}"#,
        #"{"url":"https://u:§/x@host/a","secretRef":{"name":"pat"}}"#, #"{"url":"§","provider":"§"}"#,
        #"{"url":"https://host/r","secretRef":{"name":"§"}}"#, #"{"url":"ssh://git:§@host/r"}"#,
        #"{"url":"https://host/r","proxySecretRef":{"name":"§"}}"#,
        #"{"url":"https://u:§@host/r","provider":"github","secretRef":{"name":"§"}}"#,
        #"{"url":"https://host/r","secretRef":{"name":"pat"},"ref":{"branch":"§"},"ignore":"§"}"#,
    ]

    private static let frames = [
        // The fields of the request around the object.
        ("", "fleet", "apps"),
        (#""userInfo":{"username":"alice","extra":{"§":["§"]},"uid":"§"},"#, "fleet", "apps"),
        (#""options":{"fieldManager":"§"},"#, "fleet", "apps"), ("", "§", "apps"), ("", "fleet", "§"),
    ]

    /// Keeps every record.
    private final class Collector: AuditConsumer {
        let records = Mutex<[AuditRecord]>([])

        func take(_ new: [AuditRecord], lost: Int) {
            records.withLock { $0 += new }
        }
    }

    @Test("is in no answer, record, Event, report, metric or log, whichever field it is in")
    func isNowhere() throws {
        var policy = Desk.identities
        for mode in [Mode.deny, .warn, .audit] {
            for rule in RuleName.allCases { policy.rules[rule] = Enforcement(mode: mode) }
            let collector = Collector()
            let desk = try Desk(policy, recordsAllowed: true, also: collector)
            var texts: [String] = []
            var tally = RejectionTally()
            for spec in Self.specs {
                for (more, name, namespace) in Self.frames {
                    let review = """
                        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",\
                        "kind":{"group":"source.toolkit.fluxcd.io","version":"v1","kind":"GitRepository"},\
                        "operation":"CREATE","name":"\(name)","namespace":"\(namespace)",\(more)\
                        "object":{"metadata":{"name":"\(name)","annotations":{"a":"§"}},"spec":\(spec)}}}
                        """.replacing("§", with: Self.secret)
                    #expect(review.contains(Self.secret))
                    for path in ["/validate", "/mutate"] {
                        texts.append(try desk.post(review, to: path).text)
                    }
                }
            }
            texts += try desk.record()
            for record in collector.records.withLock({ $0 }) {
                tally.add(record)
                guard let event = ClusterEvent(of: record, by: "replica") else { continue }
                texts.append(String(decoding: event.request(at: 0).message.body, as: UTF8.self))
            }
            texts.append(tally.text)
            for report in NamespaceReport.all(of: [], tally.entries) {
                let (text, _) = report.object(
                    as: .init("openreports.io", "v1alpha1", "reports", kind: "Report"),
                    by: "patless"
                )
                texts.append(String(decoding: text, as: UTF8.self))
            }
            var metrics = MetricsText()
            desk.metrics.write(to: &metrics)
            texts.append(String(decoding: metrics.bytes, as: UTF8.self))
            #expect(mode != .deny || texts.contains { $0.contains("was refused: ") })
            for text in texts where text.contains(Self.secret) {
                Issue.record("\(text.prefix(600))")
            }
        }
    }
}
