@testable import HTTP

/// What some bytes come to: the requests in them, and how reading ends.
struct Reading: Equatable, CustomStringConvertible {
    enum End: Equatable {
        /// With the last request.
        case clean
        /// In the middle of a request.
        case incomplete
        /// With a request that was the last of its connection.
        case closed
        case refused(Status)
    }

    /// Method, target and body, with a space between.
    var requests: [String] = []
    var end: End = .clean
    /// Why it ended, in words.
    var reason = ""
    /// How often the peer was asked for a body.
    var continues = 0

    /// Reads `text`, which arrives in these pieces, one after another.
    init(_ pieces: [some Collection<UInt8>], limits: Limits = Limits()) {
        var parser = RequestParser(limits: limits)
        var buffer: [UInt8] = []
        do throws(Refusal) {
            for piece in pieces {
                buffer += piece
                try read(&buffer, &parser)
                guard end != .closed else { return }
            }
            end = buffer.isEmpty ? .clean : .incomplete
        } catch {
            end = .refused(error.status)
            reason = error.reason
        }
    }

    init(_ text: String, limits: Limits = Limits()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    /// Reads `text` one byte after another.
    init(byteByByte text: [UInt8], limits: Limits = Limits()) {
        self.init(text.map { [$0] }, limits: limits)
    }

    init(_ requests: [String], _ end: End = .clean) {
        self.requests = requests
        self.end = end
    }

    private mutating func read(_ buffer: inout [UInt8], _ parser: inout RequestParser) throws(Refusal) {
        while !buffer.isEmpty {
            switch try parser.parse(&buffer) {
            case .incomplete: return
            case .continueExpected: continues += 1
            case .complete(let request, let keepsAlive, let end):
                let method = buffer[..<(request.path.lowerBound - 1)]
                // The target ends where the query does.
                let target = buffer[request.path.lowerBound..<request.query.upperBound]
                let parts = [method, target, buffer[request.body]]
                requests.append(parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
                buffer.removeSubrange(..<end)
                guard keepsAlive else {
                    self.end = .closed
                    return
                }
            }
        }
    }

    /// The words do not matter to whoever compares.
    static func == (left: Reading, right: Reading) -> Bool {
        left.requests == right.requests && left.end == right.end
    }

    var description: String {
        "\(requests) \(end)" + (reason.isEmpty ? "" : " (\(reason))")
    }
}
