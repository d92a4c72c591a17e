import Policy
import Testing

@testable import Audit

@Suite("Recent rejections")
struct RecentRejectionsTests {
    private let rejections = RecentRejections()

    private func take(_ user: String, _ second: Int = 1) throws {
        rejections.take([try Fixture.record(user: user, time: second * 1_000_000_000)], lost: 0)
    }

    @Test func `tell who tried what, why not, and what to write`() throws {
        try take("alice", 100)
        let rejection = try #require(rejections.all.first)
        #expect(rejections.all.count == 1)
        #expect((rejection.namespace, rejection.name, rejection.user) == ("apps", "fleet", "alice"))
        #expect((rejection.operation, rejection.kind, rejection.time) == ("CREATE", "GitRepository", 100))
        #expect(
            rejection.reasons.map(\.rule) == [.secretRef] && rejection.reasons[0].field == "spec.secretRef"
        )
        #expect(rejection.reasons[0].fix.contains("provider: azure"))
    }

    @Test func `are only what was refused`() throws {
        rejections.take([try Fixture.record(spec: #"{"url":"ssh://git@example.com/r"}"#)], lost: 0)
        #expect(rejections.all.isEmpty)
    }

    @Test func `count a repetition, and keep what came between`() throws {
        try take("controller", 10)
        try take("alice", 20)
        try take("controller", 30)
        let all = rejections.all
        #expect(all.map(\.user) == ["controller", "alice"] && all.map(\.count) == [2, 1])
        #expect(all[0].first == 10 && all[0].time == 30)
        #expect(Set(all.map(\.number)).count == 2)
    }

    @Test func `are the last 20, the last first`() throws {
        for number in 1...50 {
            try take("user-\(number)")
        }
        #expect(rejections.all.map(\.user) == (31...50).reversed().map { "user-\($0)" })
    }

    @Test func `are no longer than a person reads`() throws {
        try take(String(repeating: "long", count: 1_000_000))
        #expect(rejections.all[0].user.utf8.count <= 500)
    }

    @Test func `repeat no credential`() throws {
        let url = "https://user:s3cr3t-t0ken@dev.azure.com/o/p/_git/r?access_token=s3cr3t-t0ken"
        rejections.take([try Fixture.record(spec: #"{"url":"\#(url)"}"#)], lost: 0)
        #expect(rejections.all.count == 1 && !"\(rejections.all)".contains("s3cr3t"))
    }
}
