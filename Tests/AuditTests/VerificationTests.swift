import Sockets
import TestSupport
import Testing

@testable import Audit

@Suite("Verification")
struct VerificationTests {
    /// A trail of a start, eight decisions and an end, with its lines changed.
    private func fault(_ change: (inout [String]) -> Void) throws -> String? {
        let scratch = Scratch()
        try Fixture.write(8, to: scratch["audit.jsonl"])
        var lines = try Fixture.lines(scratch["audit.jsonl"])
        change(&lines)
        let text = lines.map { $0 + "\n" }.joined()
        return try Fixture.fault([try scratch.write(text, to: "changed")])?.replacing(scratch.path, with: "")
    }

    @Test func `finds nothing in what a server wrote`() throws {
        #expect(try fault { _ in } == nil)
    }

    @Test func `names the first line that was changed`() throws {
        let changed = try fault { $0[3] = $0[3].replacing("alice", with: "bob") }
        #expect(changed == "/changed:4: is not what it was when /changed:5 was written")
    }

    @Test func `names the place where lines were removed`() throws {
        #expect(try fault { $0.remove(at: 4) } == "/changed:5: line 5 is missing before it")
        #expect(try fault { $0.removeSubrange(2..<5) } == "/changed:3: lines 3 to 5 are missing before it")
    }

    @Test func `names lines that were moved or repeated`() throws {
        #expect(try fault { $0.swapAt(2, 3) } == "/changed:3: line 3 is missing before it")
        #expect(try fault { $0.insert($0[2], at: 3) } == "/changed:4: has number 3 and comes after 3")
    }

    @Test func `names a line that is none, or is cut off`() throws {
        #expect(try fault { $0.insert("hello", at: 2) } == "/changed:3: not a line of an audit trail")
        let scratch = Scratch()
        try Fixture.write(1, to: scratch["audit.jsonl"])
        let bytes = try File.read(scratch["audit.jsonl"])
        try scratch.write(Array(bytes.dropLast()), to: "audit.jsonl")
        #expect(try Fixture.fault([scratch["audit.jsonl"]])?.hasSuffix("it is cut off") == true)
    }

    @Test func `sees a first line that was taken away though its number is another's`() throws {
        let renumbered = try fault {
            $0.removeFirst()
            $0[0] = $0[0].replacing(#""sequence":2"#, with: #""sequence":1"#)
        }
        #expect(renumbered == "/changed:1: the first line of a chain names a line before it")
    }

    @Test func `passes over the lines of the log that a container's output has in between`() throws {
        let log = #"{"time":"2026-11-25T00:00:00Z","level":"notice","message":"serving"}"#
        #expect(try fault { $0.insert(log, at: 2) } == nil)
    }

    @Test func `tells two chains in one stream apart, and says what each comes to`() throws {
        let scratch = Scratch()
        try Fixture.write(2, to: scratch["a"])
        try Fixture.write(3, to: scratch["b"])
        let (a, b) = (try Fixture.lines(scratch["a"]), try Fixture.lines(scratch["b"]))
        let mixed = zip(a, b).flatMap { [$0, $1] } + b[a.count...]
        try scratch.write(mixed.map { $0 + "\n" }.joined(), to: "mixed")
        var verification = TrailVerification()
        try verification.read(scratch["mixed"])
        let summaries = verification.finish()
        #expect(verification.fault == nil)
        #expect(summaries.map(\.last).sorted() == [a.count, b.count])
    }
}
