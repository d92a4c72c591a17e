@testable import HTTP

/// Requests: what they come to does not depend on how they are cut into pieces.
enum RequestTarget {
    static func feed(_ bytes: [UInt8]) {
        let whole = Reading([bytes])
        let cut = bytes.isEmpty ? 0 : Int(bytes[0]) % bytes.count
        let parts = Reading([bytes[..<cut], bytes[cut...]])
        precondition(whole.requests == parts.requests && whole.end == parts.end, "it matters where it is cut")
        if bytes.count < 512 {
            let single = Reading(byteByByte: bytes)
            precondition(
                whole.requests == single.requests && whole.end == single.end,
                "byte by byte is another"
            )
        }
    }
}

/// Answers: the same of a client's side.
enum ResponseTarget {
    static func feed(_ bytes: [UInt8]) {
        let cut = bytes.isEmpty ? 0 : Int(bytes[0]) % bytes.count
        let whole = read([bytes[...]])
        let parts = read([bytes[..<cut], bytes[cut...]])
        precondition(whole == parts, "it matters where it is cut")
    }

    /// Status and body; what was refused is said in words.
    private static func read(_ pieces: [ArraySlice<UInt8>]) -> String {
        var buffer: [UInt8] = []
        var head: ResponseHead?
        var body: ResponseBody?
        var text: [UInt8] = []
        do throws(ClientError) {
            for piece in pieces {
                buffer += piece
                if head == nil, let found = try ResponseHead(taking: &buffer) {
                    head = found
                    body = try ResponseBody(after: found, to: "GET")
                }
                if var reading = body {
                    text += try reading.take(from: &buffer)
                    body = reading
                }
            }
            try body?.end()
        } catch {
            return "refused"
        }
        return "\(head?.status ?? 0) \(text) \(body?.isOver ?? false)"
    }
}
