import Cluster
import Testing

@testable import Audit

@Suite("Events")
struct EventSeriesTests {
    private static let second = 1_000_000_000

    private func event(_ name: String) -> ClusterEvent {
        ClusterEvent(
            regarding: .init(apiVersion: "v1", kind: "Thing", namespace: "apps", name: name),
            reason: "StaticCredential",
            action: "Create",
            note: "no",
            reporter: "replica"
        )
    }

    @Test func `are written at once when they are new, and counted once a minute when they repeat`() {
        var series = EventSeries(at: 0)
        let event = event("a")
        series.note(event, at: 0)
        #expect(series.steps(at: 0) == [.create(event)])
        series.wrote(event, as: "a.1")
        for second in 1...59 {
            series.note(event, at: second * Self.second)
            #expect(series.steps(at: second * Self.second).isEmpty)
        }
        #expect(series.steps(at: 60 * Self.second) == [.update(event, name: "a.1", count: 60)])
        #expect(series.steps(at: 300 * Self.second).isEmpty)
    }

    @Test func `of a series that was quiet for six minutes begin anew`() {
        var series = EventSeries(at: 0)
        let event = event("a")
        series.note(event, at: 0)
        _ = series.steps(at: 0)
        series.wrote(event, as: "a.1")
        _ = series.steps(at: 360 * Self.second)
        series.note(event, at: 361 * Self.second)
        #expect(series.steps(at: 361 * Self.second) == [.create(event)])
    }

    @Test func `are never too many at once, and none is forgotten for that`() {
        var series = EventSeries(at: 0)
        for number in 0..<40 { series.note(event("e\(number)"), at: 0) }
        #expect(series.steps(at: 0).count == 25)
        #expect(series.steps(at: Self.second).isEmpty)
        #expect(series.steps(at: 30 * Self.second).count == 6)
        #expect(series.steps(at: 300 * Self.second).count == 9)
        #expect(series.dropped == 0)
    }

    @Test func `of more objects than anybody can read are dropped and counted`() {
        var series = EventSeries(at: 0)
        for number in 0..<1_010 { series.note(event("e\(number)"), at: 0) }
        #expect(series.dropped == 10)
    }

    @Test func `that the API server does not take are tried again after a minute, until they are quiet`() {
        var series = EventSeries(at: 0)
        let event = event("a")
        series.note(event, at: 0)
        #expect(series.steps(at: 0) == [.create(event)])
        series.failed(event)
        series.note(event, at: Self.second)
        #expect(series.steps(at: 59 * Self.second).isEmpty)
        #expect(series.steps(at: 60 * Self.second) == [.create(event)])
        series.failed(event)
        #expect(series.steps(at: 300 * Self.second) == [.create(event)])
        series.failed(event)
        #expect(series.steps(at: 360 * Self.second) == [.create(event)])
        series.failed(event)
        #expect(series.steps(at: 500 * Self.second).isEmpty)
    }

    @Test func `go on when one of them failed, and begin anew when it is gone`() {
        var series = EventSeries(at: 0)
        let event = event("a")
        series.note(event, at: 0)
        _ = series.steps(at: 0)
        series.wrote(event, as: "a.1")
        series.note(event, at: Self.second)
        #expect(series.steps(at: 60 * Self.second) == [.update(event, name: "a.1", count: 2)])
        series.failed(event)
        #expect(series.steps(at: 120 * Self.second) == [.update(event, name: "a.1", count: 2)])
        series.wrote(event, as: nil)
        #expect(series.steps(at: 180 * Self.second) == [.create(event)])
        #expect(series.dropped == 0)
    }

    @Test func `that are over before they could be written are counted as dropped`() {
        var series = EventSeries(at: 0)
        for number in 0..<500 { series.note(event("e\(number)"), at: 0) }
        var written = 0
        for second in stride(from: 0, through: 400, by: 5) {
            for case .create(let event) in series.steps(at: second * Self.second) {
                series.wrote(event, as: "x")
                written += 1
            }
        }
        #expect(written + series.dropped == 500 && series.dropped > 300)
    }

    @Test func `that cannot be written keep no other waiting`() {
        var series = EventSeries(at: 0)
        for second in 0..<120 {
            for number in 0..<30 { series.note(event("lost\(number)"), at: second * Self.second) }
            for case .create(let event) in series.steps(at: second * Self.second) {
                series.failed(event)
            }
        }
        series.note(event("new"), at: 120 * Self.second)
        #expect(series.steps(at: 125 * Self.second).contains(.create(event("new"))))
    }
}
