import Foundation
import Glibc
import HTTP
import Logging
import Sockets
import TestSupport
import Testing

@testable import Webhook

@Suite("A log line")
struct LogTests {
    @Test func `is JSON, with what is nested`() throws {
        let paper = try Paper()
        paper.logger().notice(
            "héllo \"world\"\n",
            metadata: [
                "text": "a\u{1}b", "number": .stringConvertible(7), "flag": .stringConvertible(true),
                "list": .array(["x", .dictionary(["k": "v"])]),
            ]
        )
        let lines = try paper.read()
        #expect(lines.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8)) as? [String: Any]
        #expect(
            object?["message"] as? String == "héllo \"world\"\n" && object?["level"] as? String == "notice"
        )
        #expect(object?["text"] as? String == "a\u{1}b" && object?["number"] as? Int == 7)
        #expect(object?["flag"] as? Bool == true && (object?["list"] as? [Any])?.count == 2)
        #expect((object?["time"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test func `is text without control characters when a person reads it`() throws {
        let paper = try Paper()
        paper.logger(.text).warning("two\nlines", metadata: ["b": "\u{1B}[31m", "a": "1"])
        let lines = try paper.read()
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix(" WARNING two lines a=1 b= [31m") == true)
    }

    @Test func `is not written below its level`() throws {
        let paper = try Paper()
        let logger = paper.logger(.json, .warning)
        logger.info("quiet")
        logger.error("loud")
        #expect(try paper.read().count == 1)
    }

    @Test func `is dropped and counted when the reader is too slow, and the room is there again after it`()
        throws
    {
        let paper = try Paper()
        let line = [UInt8](repeating: 0x61, count: 1_023) + [0x0A]
        for _ in 0..<1_030 {
            paper.writer.write(line)
        }
        #expect(paper.writer.dropped == 6)
        #expect(try paper.read().count == 1_024)
        paper.writer.write(line)
        #expect(try paper.read().count == 1)
    }

    @Test func `comes out by itself, whole and in order, whoever logs`() throws {
        let scratch = Scratch()
        let descriptor = open(scratch["log"], O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        // The writer's thread lives as long as the process, so the descriptor does too.
        let writer = try LineWriter(to: descriptor)
        try writer.start()
        let threads = try (0..<4).map { number in
            try Sockets.Thread(named: "logs") {
                for index in 0..<500 {
                    writer.write(Array("\(number) \(index)\n".utf8))
                }
            }
        }
        for thread in threads {
            thread.join()
        }
        let isWritten = try Deadline.wait { try File.read(scratch["log"]).count { $0 == 0x0A } == 2_000 }
        #expect(isWritten)
        let lines = String(decoding: try File.read(scratch["log"]), as: UTF8.self).split(separator: "\n")
        for number in 0..<4 {
            let indices = lines.filter { $0.hasPrefix("\(number) ") }.map { $0.dropFirst(2) }
            #expect(indices == (0..<500).map { "\($0)" }.map { Substring($0) })
        }
    }

    @Test func `is written when a flush returns, also when another thread had taken it`() throws {
        var ends: [CInt] = [-1, -1]
        #expect(pipe(&ends) == 0)
        // No child that another test starts may keep them.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let reader = ends[0]
        let writer = try LineWriter(to: ends[1])
        // More than a pipe holds, so that whoever writes it is stuck until somebody reads.
        writer.write([UInt8](repeating: 0x61, count: 1 << 19))
        let stuck = try Sockets.Thread(named: "stuck") { writer.flush() }
        var waiting: CInt = 0
        #expect(Deadline.wait { ioctl(reader, UInt(FIONREAD), &waiting) == 0 && waiting > 0 })
        let drained = Counter()
        let drain = try Sockets.Thread(named: "drain") {
            var scratch = [UInt8](repeating: 0, count: 4_096)
            while drained.value < 1 << 19 {
                drained.add(max(read(reader, &scratch, scratch.count), 0))
            }
        }
        writer.flush()
        // But for what the pipe still holds, and what its reader has not yet counted.
        #expect(drained.value >= 6 << 16)
        stuck.join()
        drain.join()
        close(ends[0])
        close(ends[1])
    }
}
