/// The status line and header fields of a response (RFC 9112).
package struct ResponseHead: Sendable {
    package let status: Int
    private let fields: [(name: String, value: String)]
    let isHTTP11: Bool

    /// The most bytes that a head may have.
    static let limit = 64 << 10

    /// Reads the head at the beginning of `buffer` and removes it; nil when it has not come to its end.
    init?(taking buffer: inout [UInt8]) throws(ClientError) {
        guard let end = Self.end(of: buffer) else {
            guard buffer.count <= Self.limit else { throw ClientError("the answer's header is too long") }
            return nil
        }
        // The lines are text that is only compared; what is no UTF-8 equals nothing.
        let lines = buffer[..<(end - 4)].split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        .map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
        buffer.removeSubrange(..<end)
        let parts = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].utf8.count == 3,
            let status = Int(parts[1]), status >= 100
        else { throw ClientError("the answer is not HTTP/1.1") }
        self.status = status
        isHTTP11 = parts[0] == "HTTP/1.1"
        var fields: [(String, String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex,
                line.utf8[..<colon].allSatisfy(\.isToken)
            else { throw ClientError("the answer has a header field without a proper name") }
            let value = line[line.index(after: colon)...].utf8
            let text = value.drop(while: \.isBlank).reversed().drop(while: \.isBlank).reversed()
            fields.append((line[..<colon].lowercased(), String(decoding: Array(text), as: UTF8.self)))
        }
        self.fields = fields
    }

    /// The value of the first field `name`, which is in lower case.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// How long the server asks to wait before the next try, in seconds; nil when it does not ask.
    package var retryAfter: Int? {
        self["retry-after"].flatMap { Int($0) }
    }

    /// The server's clock, in seconds since 1970.
    package var date: Int? {
        self["date"].flatMap(HTTPDate.second)
    }

    var keepsAlive: Bool {
        let options = self["connection"]?.lowercased() ?? ""
        return isHTTP11 && !options.contains("close")
    }

    private static func end(of buffer: [UInt8]) -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (4...buffer.count).first { buffer.has("\r\n\r\n", at: $0 - 4..<$0) }
    }
}
