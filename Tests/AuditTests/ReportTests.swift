import Cluster
import Foundation
import JSON
import Policy
import TestSupport
import Testing

@testable import Audit

@Suite("A report")
struct ReportTests {
    private static let reports = Resource("openreports.io", "v1alpha1", "reports", kind: "Report")

    private func judgements(_ secret: String = "pat") throws -> [Judgement] {
        try Fixture.record(
            spec: #"{"url":"https://dev.azure.com/o/p/_git/r","secretRef":{"name":"\#(secret)"}}"#
        )
        .verdict.judgements
    }

    private func kind(_ objects: [(namespace: String, name: String, judgements: [Judgement])])
        -> ClusterScan.Kind
    {
        var kind = ClusterScan.Kind(target: ScanTarget.all[0])
        kind.apiVersion = "source.toolkit.fluxcd.io/v1"
        kind.table.beginList()
        for object in objects { kind.table.note(object.namespace, object.name, object.judgements) }
        kind.table.endList()
        kind.listedAt = 1
        return kind
    }

    private struct Report: Decodable {
        let summary: [String: Int]
        let results: [Result]
        struct Result: Decodable {
            let rule, result, message: String
            let resources: [[String: String]]
            let properties: [String: String]
        }
    }

    private func decoded(_ report: NamespaceReport) throws -> Report {
        let (text, _) = report.object(as: Self.reports, by: "patless")
        return try JSONDecoder().decode(Report.self, from: Data(text))
    }

    @Test func `is made for each namespace that has something to report, and counts what complies`() throws {
        let findings = try judgements()
        let reports = NamespaceReport.all(
            of: [kind([("b", "x", findings), ("a", "good", []), ("a", "bad", findings), ("c", "good", [])])],
            []
        )
        #expect(reports.map(\.namespace) == ["a", "b"])
        let report = try decoded(reports[0])
        #expect(report.summary == ["pass": 1, "fail": 1, "warn": 0, "skip": 0, "error": 0])
        #expect(report.results.map(\.rule) == ["secret-ref"])
        #expect(report.results[0].resources[0]["name"] == "bad")
        #expect(report.results[0].properties["fix"]?.contains("provider: azure") == true)
    }

    @Test func `says the same of the same objects, in whatever order they came`() throws {
        let findings = try judgements()
        let objects = (0..<50).map { (namespace: "a", name: "o\($0)", judgements: findings) }
        var random = SplitMix64(state: 1)
        let digests = [objects, objects.reversed(), objects.shuffled(using: &random)].map {
            NamespaceReport.all(of: [kind($0)], [])[0].object(as: Self.reports, by: "patless").digest
        }
        #expect(Set(digests).count == 1)
        let other = NamespaceReport.all(of: [kind(Array(objects.dropLast()))], [])[0]
        #expect(other.object(as: Self.reports, by: "patless").digest != digests[0])
    }

    @Test func `is bounded, and says how much it leaves out`() throws {
        let findings = try judgements()
        let objects = (0..<500).map { (namespace: "a", name: "o\($0)", judgements: findings) }
        let report = NamespaceReport.all(of: [kind(objects)], [])[0]
        let (text, _) = report.object(as: Self.reports, by: "patless")
        #expect(text.count < 400_000)
        #expect(String(decoding: text, as: UTF8.self).contains(#""patless.dev/omitted":"300""#))
        let decoded = try decoded(report)
        #expect(decoded.results.count == 200 && decoded.summary["fail"] == 500)
    }

    @Test func `has what was refused, added up and the newest first`() throws {
        var (one, other) = (RejectionTally(), RejectionTally())
        one.add(try Fixture.record(time: 100_000_000_000))
        one.add(try Fixture.record(user: "bob", time: 200_000_000_000))
        other.add(try Fixture.record(time: 150_000_000_000))
        var all = RejectionTally()
        for entry in (RejectionTally(one.text).entries + RejectionTally(other.text).entries) {
            all.add(entry)
        }
        let result = try decoded(NamespaceReport.all(of: [], all.entries)[0]).results[0]
        #expect(result.properties["refused"] == "3" && result.properties["lastUser"] == "bob")
        #expect(result.properties["lastRefused"] == "1970-01-01T00:03:20Z")
        #expect(result.message.hasPrefix("was refused: ") && result.result == "fail")
        all.prune(at: 200 + 86_401)
        #expect(all.entries.isEmpty)
    }

    @Test func `has a bound for what was refused, whatever is tried`() throws {
        var tally = RejectionTally()
        for number in 0..<300 { tally.add(try Fixture.record(namespace: "n\(number)")) }
        #expect(tally.entries.count == RejectionTally.most)
        #expect(tally.entries.last?.namespace == "n299")
        #expect(tally.text.utf8.count < 100_000)
    }
}

@Suite("A table of what complies")
struct ComplianceTableTests {
    private func counts(_ table: ComplianceTable) -> [String: ComplianceCounts] {
        var counts: [String: ComplianceCounts] = [:]
        table.count(into: &counts)
        return counts
    }

    @Test func `follows objects that come, change and go`() throws {
        let findings = try Fixture.record().verdict.judgements
        var table = ComplianceTable()
        table.beginList()
        for name in ["a", "b", "c"] { table.note("apps", name, findings) }
        table.endList()
        #expect(counts(table)["apps"]?.rules == [.secretRef: 3])
        table.note("apps", "a", [])
        table.remove("apps", "b")
        #expect(counts(table)["apps"]?.rules == [.secretRef: 1] && counts(table)["apps"]?.compliant == 1)
        // A list that does not name an object any more.
        table.beginList()
        table.note("apps", "a", [])
        table.endList()
        #expect(table.objects == 1 && table.sorted.isEmpty)
    }

    @Test func `keeps a hundred thousand objects, and counts what it does not keep in words`() throws {
        let findings = try Fixture.record().verdict.judgements
        var table = ComplianceTable()
        table.beginList()
        for number in 0..<100_000 {
            table.note("n\(number % 7)", "o\(number)", number % 2 == 0 ? findings : [])
        }
        table.endList()
        let counts = counts(table)
        #expect(table.objects == 100_000 && counts.count == 7)
        #expect(counts.values.reduce(0) { $0 + ($1.rules[.secretRef] ?? 0) } == 50_000)
        #expect(table.sorted.values.reduce(0) { $0 + $1.count } == ComplianceTable.mostShortfalls)
    }
}
