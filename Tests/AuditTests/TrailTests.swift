import Foundation
import Glibc
import HTTP
import Sockets
import TestSupport
import Testing

@testable import Audit

@Suite("A trail")
struct TrailTests {
    @Test func `goes on where it ended, and takes back a line that a crash left half-written`() throws {
        let scratch = Scratch()
        let path = scratch["audit.jsonl"]
        try Fixture.write(3, to: path)
        let whole = try Sockets.File.read(path)
        try scratch.write(
            whole + Array(#"{"schema":"patless.dev/audit/v1","instance":"repl"#.utf8),
            to: "audit.jsonl"
        )
        try Fixture.write(2, to: path)
        let bytes = try Sockets.File.read(path)
        #expect(bytes.starts(with: whole))
        #expect(try Fixture.lines(path).count == 7)
        #expect(try Fixture.fault([path]) == nil)
    }

    @Test func `is not taken up from a file that is none`() throws {
        let scratch = Scratch()
        let path = try scratch.write("apiVersion: v1\n", to: "notes.yaml")
        #expect(throws: TrailError.self) { try Fixture.trail(path) }
        #expect(try Sockets.File.read(path) == Array("apiVersion: v1\n".utf8))
    }

    @Test func `has one writer`() throws {
        let scratch = Scratch()
        let first = try Fixture.trail(scratch["audit.jsonl"])
        #expect(throws: SystemError.self) { try Fixture.trail(scratch["audit.jsonl"]) }
        first.flush()
    }

    @Test func `is put aside when it is large, keeps so many files, and is one chain through all of them`()
        throws
    {
        let scratch = Scratch()
        let path = scratch["audit.jsonl"]
        try Fixture.write(20, to: path, bytes: 4_000, kept: 3)
        try Fixture.write(5, to: path, bytes: 4_000, kept: 3)
        let names = try Folder.names(in: scratch.path)
        #expect(names.count == 4 && names.first == "audit.jsonl")
        for name in names { #expect(try Sockets.File.read(scratch[name]).count <= 4_000) }
        #expect(try Fixture.fault(names.reversed().map { scratch[$0] }) == nil)
        // Without one of the middle it is no chain.
        let without = try #require(try Fixture.fault([names[1], names[3], names[0]].map { scratch[$0] }))
        #expect(without.contains("missing before it"))
    }

    @Test func `is put aside when it is old, however small`() throws {
        let scratch = Scratch()
        for _ in 0..<3 {
            let file = try TrailFile(scratch["audit.jsonl"], .init(bytes: 1 << 20, seconds: 0, kept: 8))
            try Trail.file(file, instance: "replica") { _ in }.flush()
        }
        let names = try Folder.names(in: scratch.path)
        #expect(names == ["audit.jsonl", "audit.jsonl.000000000001", "audit.jsonl.000000000002"])
        #expect(try Fixture.fault(names.map { scratch[$0] }) == nil)
    }

    @Test func `goes on through an empty file when the one before was put aside`() throws {
        let scratch = Scratch()
        let path = scratch["audit.jsonl"]
        try Fixture.write(6, to: path, bytes: 2_000)
        try scratch.remove("audit.jsonl")
        try Fixture.write(1, to: path)
        #expect(try Fixture.lines(path).first?.contains(#""sequence":1,"#) == false)
    }

    @Test func `counts what cannot be written, and tells it in the next line that can`() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let keeper = TrailKeeper(Switch(full), Chain(), instance: "replica") { _ in }
        let record = try Fixture.record()
        keeper.keep([.decision(record), .decision(record)])
        #expect(keeper.losses[.diskFull] == 2)
        keeper.keep([.decision(record)])
        #expect(keeper.losses[.diskFull] == 3)
        // The disk has room again.
        let scratch = Scratch()
        let descriptor = open(scratch["out"], O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        dup2(descriptor, full)
        keeper.keep([.decision(record)])
        let lines = try Fixture.lines(scratch["out"])
        #expect(lines.count == 2)
        #expect(lines[0].contains(#""type":"gap","lost":3,"reason":"disk_full""#))
        #expect(lines[0].contains(#""sequence":1,"#) && lines[1].contains(#""sequence":2,"#))
        #expect(try Fixture.fault([scratch["out"]]) == nil)
    }

    /// A descriptor that is a full device first.
    private struct Switch: TrailSink {
        private var stream: TrailStream

        init(_ descriptor: CInt) { stream = TrailStream(to: descriptor) }

        mutating func write(_ lines: [TrailLine]) -> (kept: Int, failure: SystemError?) {
            let (kept, failure) = stream.write(lines)
            return (kept, failure.map { _ in SystemError("write", code: ENOSPC) })
        }
    }
}
