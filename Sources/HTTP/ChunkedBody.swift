/// A body in chunks (RFC 9112, section 7.1), put together where it was received.
///
/// The content of each chunk moves up to the one before, so the body ends as one run of bytes.
struct ChunkedBody {
    private enum State {
        case size
        case content(Int)
        case contentEnd
        case trailer
    }

    private var state: State = .size
    private var trailerBytes = 0
    /// Where the next undecoded byte is.
    private var position: Int
    /// Where the body that is put together ends.
    private(set) var end: Int
    let start: Int

    /// A body that begins at `start`.
    init(from start: Int) {
        self.start = start
        position = start
        end = start
    }

    /// Decodes what is there; the position behind the body once it is complete, nil before.
    mutating func decode(_ buffer: inout [UInt8], limits: Limits) throws(Refusal) -> Int? {
        while true {
            switch state {
            case .size:
                guard let line = try line(in: buffer, limit: 256) else { return try discardDecoded(&buffer) }
                let size = try size(buffer, line)
                guard end - start + size <= limits.bodyBytes else {
                    throw Refusal(.contentTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
                }
                state = size == 0 ? .trailer : .content(size)
            case .content(let rest):
                let count = min(rest, buffer.count - position)
                guard count > 0 else { return try discardDecoded(&buffer) }
                move(count, in: &buffer)
                state = count == rest ? .contentEnd : .content(rest - count)
            case .contentEnd:
                guard buffer.count - position >= 2 else { return try discardDecoded(&buffer) }
                guard buffer.has("\r\n", at: position..<position + 2) else {
                    throw Refusal(.badRequest, "a chunk is longer than it says")
                }
                position += 2
                state = .size
            case .trailer:
                guard let line = try line(in: buffer, limit: limits.headBytes) else { return nil }
                guard !line.isEmpty else { return position }
                guard isField(buffer, line) else {
                    throw Refusal(.badRequest, "a trailer field without a proper name")
                }
                trailerBytes += line.count
                guard trailerBytes <= limits.headBytes else {
                    throw Refusal(.headerFieldsTooLarge, "the trailer is too long")
                }
            }
        }
    }

    /// Takes what has been put together so far out of the buffer: a reader that goes on need not keep it.
    mutating func take(from buffer: inout [UInt8]) -> [UInt8] {
        let part = Array(buffer[start..<end])
        buffer.removeSubrange(start..<end)
        position -= part.count
        end = start
        return part
    }

    /// Takes the next line, without its end; nil when it has not come to its end.
    private mutating func line(in buffer: [UInt8], limit: Int) throws(Refusal) -> Range<Int>? {
        var index = position
        while index < buffer.count {
            if buffer[index] == UInt8(ascii: "\r") {
                guard index + 1 < buffer.count else { return nil }
                guard buffer[index + 1] == UInt8(ascii: "\n") else { break }
                let line = position..<index
                position = index + 2
                return line
            }
            let isText = buffer[index] >= 0x20 && buffer[index] != 0x7F || buffer[index] == 0x09
            guard isText, index - position <= limit else { break }
            index += 1
        }
        guard index == buffer.count else {
            throw Refusal(.badRequest, "a chunk's size line or a trailer that is malformed")
        }
        return nil
    }

    /// The size that a line gives in hexadecimal; an extension may follow and means nothing.
    private func size(_ buffer: [UInt8], _ line: Range<Int>) throws(Refusal) -> Int {
        var size = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = buffer[index].hexadecimalValue {
            // Nothing near 2^36 is accepted, so this never overflows.
            guard index - line.lowerBound < 9 else {
                throw Refusal(.contentTooLarge, "a chunk is too large")
            }
            size = size << 4 | digit
            index += 1
        }
        guard index > line.lowerBound, index == line.upperBound || buffer[index] == UInt8(ascii: ";") else {
            throw Refusal(.badRequest, "a chunk without a proper size")
        }
        return size
    }

    /// Whether a line begins with a field's name and a colon; what is said in a trailer means nothing.
    private func isField(_ buffer: [UInt8], _ line: Range<Int>) -> Bool {
        let name = buffer[line].prefix { $0.isToken }
        return !name.isEmpty && name.endIndex < line.upperBound && buffer[name.endIndex] == UInt8(ascii: ":")
    }

    private mutating func move(_ count: Int, in buffer: inout [UInt8]) {
        if end != position {
            for offset in 0..<count {
                buffer[end + offset] = buffer[position + offset]
            }
        }
        end += count
        position += count
    }

    /// Drops the bytes between body and position, so that many small chunks take no more room than one.
    private mutating func discardDecoded(_ buffer: inout [UInt8]) throws(Refusal) -> Int? {
        buffer.removeSubrange(end..<position)
        position = end
        return nil
    }
}

extension UInt8 {
    var hexadecimalValue: Int? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
