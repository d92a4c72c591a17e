import TestSupport
import Testing

@testable import HTTP

/// PyPI's h11, somebody else's reading of RFC 9112, has nothing to say against what we accept.
@Suite("Beside h11")
struct H11Tests {
    @Test func `the table is read alike, but for what we refuse on purpose`() throws {
        let messages = Message.all
        let verdicts = try H11.read(messages.map { Array($0.text.utf8) })
        for (message, theirs) in zip(messages, verdicts) {
            if message.stricter == nil {
                #expect(theirs.agrees(with: message.expected), "\(message): h11 says \(theirs)")
            } else {
                #expect(
                    !theirs.isRefused,
                    "\(message): h11 refuses it as well, which is no strictness of ours"
                )
            }
        }
    }

    @Test(arguments: 1...4)
    func `no variant of a request is taken for something else`(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let variants = (0..<400).map { _ in Variant.next(using: &random) }
        for (variant, theirs) in zip(variants, try H11.read(variants)) {
            let ours = Reading([variant])
            let text = String(decoding: variant, as: UTF8.self).debugDescription
            if case .refused = ours.end {
                let common = zip(ours.requests, theirs.requests).allSatisfy(==)
                #expect(
                    common && ours.requests.count <= theirs.requests.count,
                    "\(text): \(ours), h11 \(theirs)"
                )
            } else {
                #expect(theirs.agrees(with: ours), "\(text): \(ours), h11 \(theirs)")
            }
        }
    }
}

/// What h11 makes of some bytes.
private struct H11: CustomStringConvertible {
    let end: String
    let requests: [String]

    static func read(_ connections: [[UInt8]]) throws -> [H11] {
        let script = #filePath.replacing("H11Tests.swift", with: "h11-verdicts.py")
        let outcome = try Program.run(
            [Python.command, script],
            input: connections.map { Hexadecimal.encode($0) + "\n" }.joined()
        )
        guard outcome.status == 0 else { throw Trouble(outcome.errors) }
        let lines = outcome.output.split(separator: "\n")
        guard lines.count == connections.count else { throw Trouble("h11 answered \(lines.count) lines") }
        return lines.map { line in
            let words = line.split(separator: " ")
            return H11(end: String(words[0]), requests: words.dropFirst().map { text($0) })
        }
    }

    private static func text(_ digits: Substring) -> String {
        String(decoding: Hexadecimal.decode(digits), as: UTF8.self)
    }

    var isRefused: Bool {
        end == "refused"
    }

    func agrees(with reading: Reading) -> Bool {
        guard requests == reading.requests else { return false }
        return switch reading.end {
        case .clean: end == "clean"
        case .closed: end == "closed"
        case .refused: isRefused
        // Neither has to complain before the rest has come.
        case .incomplete: end == "incomplete" || isRefused
        }
    }

    var description: String {
        "\(requests) \(end)"
    }
}

/// Requests with a few things wrong, or unusual.
private enum Variant {
    /// Without a Content-Length in a trailer: h11 holds it to its grammar, and we do not look.
    private static let seeds = (Message.good + Message.chunks)
        .filter { $0.expected.end != .incomplete && !$0.text.contains("Content-Length: 9") }
        .map { Array($0.text.utf8) }
    private static let telling = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "0", "5", "+", "-", "0x", "chunked", "\u{7F}",
        "é", "/",
        "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n", "Host: y\r\n", "HTTP/1.1", "HTTP/1.0",
        "A: b\r\n",
        "0\r\n\r\n", "Connection: close\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "?", "#", "\"", "%", "(",
        "\u{B}",
    ].map { Array($0.utf8) }

    static func next(using random: inout SplitMix64) -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            let insertion = telling.randomElement(using: &random) ?? []
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes.replaceSubrange(place...place, with: insertion)
            case 2: bytes[place] ^= 0x20
            default: bytes.insert(contentsOf: insertion, at: place)
            }
        }
        return bytes
    }
}
