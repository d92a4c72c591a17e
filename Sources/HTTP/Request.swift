/// A request, as ranges of the buffer that it was received in.
package struct Request: Sendable {
    package enum Method: Sendable {
        case get
        case head
        case post
        case other
    }

    package var method: Method = .other
    /// The path as it was sent: nothing is decoded.
    package var path = 0..<0
    /// What follows the `?`.
    package var query = 0..<0
    /// The Host field: the name and the port that the client believes to speak to.
    package var host = 0..<0
    package var contentType = 0..<0
    package var body = 0..<0
    package var buffer: [UInt8] = []
    /// When its first byte was received, on the monotonic clock, in nanoseconds.
    package var received = 0

    package init() {}

    /// Whether the bytes of `range` are those of `text`.
    package func has(_ text: StaticString, at range: Range<Int>) -> Bool {
        buffer.has(text, at: range)
    }

    /// Whether the media type is `type`, whatever its parameters.
    package func hasContentType(_ type: StaticString) -> Bool {
        let end =
            buffer[contentType].firstIndex { $0 == UInt8(ascii: ";") || $0 == 0x20 } ?? contentType.upperBound
        return buffer.hasIgnoringCase(type, at: contentType.lowerBound..<end)
    }

    /// The value of the first parameter `name` of the query, as it was sent; empty when it has none, nil
    /// without such a parameter.
    package func parameter(_ name: StaticString) -> ArraySlice<UInt8>? {
        var start = query.lowerBound
        while start < query.upperBound {
            var end = start
            var equals: Int?
            while end < query.upperBound, buffer[end] != UInt8(ascii: "&") {
                if equals == nil, buffer[end] == UInt8(ascii: "=") {
                    equals = end
                }
                end += 1
            }
            if buffer.has(name, at: start..<(equals ?? end)) {
                return buffer[(equals.map { $0 + 1 } ?? end)..<end]
            }
            start = end + 1
        }
        return nil
    }
}

extension [UInt8] {
    /// Whether the bytes of `range` are those of `text`.
    func has(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in
            (0..<text.count).allSatisfy { unsafe text[$0] == self[range.lowerBound + $0] }
        }
    }

    /// Whether the bytes of `range` are those of `text`, which is lower-case ASCII, in any case.
    func hasIgnoringCase(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in
            (0..<text.count).allSatisfy { index in
                let byte = self[range.lowerBound + index]
                let isUpper = byte &- UInt8(ascii: "A") < 26
                return unsafe text[index] == (isUpper ? byte | 0x20 : byte)
            }
        }
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}
