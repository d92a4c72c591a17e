/// The request line and header fields of a request (RFC 9112), read strictly.
///
/// What two readers could understand differently is refused: that is how requests are smuggled.
struct RequestHead {
    enum Body: Equatable {
        case none
        case length(Int)
        case chunked
    }

    var request = Request()
    var body: Body = .none
    var keepsAlive = true
    var expectsContinue = false

    private var isHTTP11 = true
    private var hosts = 0

    /// Reads the head that ends, with its empty line, at the end of `range`.
    init(_ buffer: [UInt8], _ range: Range<Int>, limits: Limits) throws(Refusal) {
        var line = try Self.line(buffer, from: range.lowerBound)
        try readRequestLine(buffer, line)
        var fields = 0
        while true {
            line = try Self.line(buffer, from: line.upperBound + 2)
            guard !line.isEmpty else { break }
            fields += 1
            guard fields <= limits.headerFields else {
                throw Refusal(.headerFieldsTooLarge, "more than \(limits.headerFields) header fields")
            }
            try readField(buffer, line)
        }
        try check()
        // HTTP/1.0 knows no interim response (RFC 9110, section 10.1.1).
        expectsContinue = expectsContinue && isHTTP11
    }

    /// The line that begins at `start`, without its end; the head is known to end with an empty one.
    private static func line(_ buffer: [UInt8], from start: Int) throws(Refusal) -> Range<Int> {
        var end = start
        while buffer[end] != UInt8(ascii: "\r") {
            end += 1
        }
        guard buffer[end + 1] == UInt8(ascii: "\n") else {
            throw Refusal(.badRequest, "a carriage return that ends no line")
        }
        return start..<end
    }

    private mutating func readRequestLine(_ buffer: [UInt8], _ line: Range<Int>) throws(Refusal) {
        var index = line.lowerBound
        while index < line.upperBound, buffer[index].isToken {
            index += 1
        }
        let method = line.lowerBound..<index
        guard !method.isEmpty, index < line.upperBound, buffer[index] == 0x20 else {
            throw Refusal(.badRequest, "no HTTP request line")
        }
        index += 1
        let target = index
        var question: Int?
        while index < line.upperBound, buffer[index] > 0x20, buffer[index] < 0x7F {
            if question == nil, buffer[index] == UInt8(ascii: "?") {
                question = index
            }
            index += 1
        }
        guard index < line.upperBound, buffer[index] == 0x20 else {
            throw Refusal(.badRequest, "the request target holds what a URL cannot, or no version follows it")
        }
        guard buffer[target] == UInt8(ascii: "/") else {
            throw Refusal(.badRequest, "the request target must be a path")
        }
        request.path = target..<(question ?? index)
        request.query = question.map { $0 + 1..<index } ?? index..<index
        request.method =
            switch true {
            case buffer.has("POST", at: method): .post
            case buffer.has("GET", at: method): .get
            case buffer.has("HEAD", at: method): .head
            default: .other
            }
        let version = index + 1..<line.upperBound
        guard version.count == 8, buffer.has("HTTP/", at: version.prefix(5)) else {
            throw Refusal(.badRequest, "no HTTP version")
        }
        isHTTP11 = buffer.has("HTTP/1.1", at: version)
        guard isHTTP11 || buffer.has("HTTP/1.0", at: version) else {
            throw Refusal(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        keepsAlive = isHTTP11
    }

    private mutating func readField(_ buffer: [UInt8], _ line: Range<Int>) throws(Refusal) {
        var index = line.lowerBound
        while index < line.upperBound, buffer[index].isToken {
            index += 1
        }
        // Also what begins with white space: a folded line (obs-fold) continues the one before.
        guard index > line.lowerBound, index < line.upperBound, buffer[index] == UInt8(ascii: ":") else {
            throw Refusal(.badRequest, "a header field without a proper name")
        }
        let name = line.lowerBound..<index
        var start = index + 1
        var end = line.upperBound
        while start < end, buffer[start].isBlank {
            start += 1
        }
        while start < end, buffer[end - 1].isBlank {
            end -= 1
        }
        for position in start..<end {
            let byte = buffer[position]
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else {
                throw Refusal(.badRequest, "a header field with a control character")
            }
        }
        try apply(name, start..<end, buffer)
    }

    /// Takes note of the fields that the server obeys.
    private mutating func apply(_ name: Range<Int>, _ value: Range<Int>, _ buffer: [UInt8]) throws(Refusal) {
        switch name.count {
        case 4 where buffer.hasIgnoringCase("host", at: name):
            hosts += 1
            request.host = value
        case 6 where buffer.hasIgnoringCase("expect", at: name):
            guard buffer.hasIgnoringCase("100-continue", at: value) else {
                throw Refusal(.expectationFailed, "the only expectation that is met is 100-continue")
            }
            expectsContinue = true
        case 10 where buffer.hasIgnoringCase("connection", at: name):
            for option in buffer[value].split(separator: UInt8(ascii: ",")) {
                let option = option.indices.trimmingBlanks(in: buffer)
                keepsAlive = keepsAlive && !buffer.hasIgnoringCase("close", at: option)
            }
        case 12 where buffer.hasIgnoringCase("content-type", at: name):
            guard request.contentType.isEmpty else { throw Refusal(.badRequest, "two Content-Type fields") }
            request.contentType = value
        case 14 where buffer.hasIgnoringCase("content-length", at: name):
            guard body == .none else { throw Refusal(.badRequest, "the body's length is given twice") }
            guard !value.isEmpty, value.count <= 18, buffer[value].allSatisfy(\.isDigit) else {
                throw Refusal(.badRequest, "a Content-Length that is no number")
            }
            body = .length(buffer[value].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
        case 16 where buffer.hasIgnoringCase("content-encoding", at: name):
            guard buffer.hasIgnoringCase("identity", at: value) else {
                throw Refusal(.unsupportedMediaType, "the body must not be compressed")
            }
        case 17 where buffer.hasIgnoringCase("transfer-encoding", at: name):
            guard body == .none else { throw Refusal(.badRequest, "the body's length is given twice") }
            guard buffer.hasIgnoringCase("chunked", at: value) else {
                throw Refusal(.notImplemented, "the only transfer coding that is known is chunked")
            }
            body = .chunked
        default: break
        }
    }

    private func check() throws(Refusal) {
        guard hosts == 1 || hosts == 0 && !isHTTP11 else {
            throw Refusal(.badRequest, "there must be one Host field")
        }
        guard body != .chunked || isHTTP11 else {
            throw Refusal(.badRequest, "HTTP/1.0 has no transfer codings")
        }
    }
}

extension UInt8 {
    /// Whether it may stand in a token (RFC 9110, section 5.6.2).
    var isToken: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    var isDigit: Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
    }

    var isBlank: Bool {
        self == 0x20 || self == 0x09
    }
}

extension Range<Int> {
    /// The range without the spaces and tabs at its ends.
    fileprivate func trimmingBlanks(in buffer: [UInt8]) -> Range<Int> {
        var (start, end) = (lowerBound, upperBound)
        while start < end, buffer[start].isBlank {
            start += 1
        }
        while start < end, buffer[end - 1].isBlank {
            end -= 1
        }
        return start..<end
    }
}
