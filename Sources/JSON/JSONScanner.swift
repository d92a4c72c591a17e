/// One pass over a text that checks all of it by RFC 8259 and notes where each value begins.
///
/// It is iterative: an open object or array remembers its parent on the tape itself. Everything is checked,
/// also what nobody reads: two readers of one text must never disagree about what it says.
struct JSONScanner {
    /// How deep objects and arrays may nest.
    static let maximumDepth = 128

    /// Writes the tape of the text in `bytes` from `start` to the end.
    static func scan(
        _ bytes: Span<UInt8>,
        from start: Int,
        onto tape: inout OutputSpan<JSONToken>
    ) throws(JSONError) {
        var at = skipSpace(bytes, start)
        var open = JSONToken.none
        var depth = 0
        var inObject = false

        nextValue: while true {
            switch byte(bytes, at) {
            case UInt8(ascii: "\""):
                at = try string(bytes, at, onto: &tape)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < maximumDepth else {
                    throw JSONError("nested deeper than \(maximumDepth)", at: at)
                }
                inObject = bytes[at] == UInt8(ascii: "{")
                tape.append(JSONToken(start: at, link: open))
                open = UInt32(truncatingIfNeeded: tape.count - 1)
                depth += 1
                at = skipSpace(bytes, at + 1)
                if byte(bytes, at) == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { break }
                if inObject { at = try key(bytes, at, onto: &tape) }
                continue nextValue
            case UInt8(ascii: "t"):
                at = try literal("true", bytes, at, onto: &tape)
            case UInt8(ascii: "f"):
                at = try literal("false", bytes, at, onto: &tape)
            case UInt8(ascii: "n"):
                at = try literal("null", bytes, at, onto: &tape)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                at = try number(bytes, at, onto: &tape)
            default:
                throw unexpected("a value", bytes, at)
            }

            // A value has ended, or an empty object or array is about to.
            while depth > 0 {
                at = skipSpace(bytes, at)
                let next = byte(bytes, at)
                if next == UInt8(ascii: ",") {
                    at = skipSpace(bytes, at + 1)
                    if inObject { at = try key(bytes, at, onto: &tape) }
                    continue nextValue
                }
                guard next == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw unexpected(inObject ? "',' or '}'" : "',' or ']'", bytes, at)
                }
                at += 1
                let closed = Int(open)
                var tokens = tape.mutableSpan
                open = tokens[closed].link
                tokens[closed].link = UInt32(truncatingIfNeeded: tokens.count)
                depth -= 1
                if depth > 0 { inObject = bytes[Int(tokens[Int(open)].start)] == UInt8(ascii: "{") }
            }
            break
        }

        at = skipSpace(bytes, at)
        guard at == bytes.count else { throw JSONError("text after the end of the value", at: at) }
    }

    /// The byte at `at`; 0, which no JSON has outside a string, past the end.
    @inline(__always)
    static func byte(_ bytes: Span<UInt8>, _ at: Int) -> UInt8 {
        at < bytes.count ? bytes[at] : 0
    }

    @inline(__always)
    private static func skipSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < bytes.count {
            let next = bytes[at]
            guard next <= 0x20, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 else { break }
            at += 1
        }
        return at
    }

    @inline(__always)
    private static func string(
        _ bytes: Span<UInt8>,
        _ quote: Int,
        onto tape: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        var escapes: UInt32 = 0
        let end = try endOfString(bytes, from: quote + 1, escapes: &escapes)
        tape.append(JSONToken(start: quote, link: UInt32(truncatingIfNeeded: end) | escapes))
        return end + 1
    }

    /// A key and its colon; gives where the value begins.
    @inline(__always)
    private static func key(
        _ bytes: Span<UInt8>,
        _ at: Int,
        onto tape: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        guard byte(bytes, at) == UInt8(ascii: "\"") else { throw unexpected("a key", bytes, at) }
        let colon = skipSpace(bytes, try string(bytes, at, onto: &tape))
        guard byte(bytes, colon) == UInt8(ascii: ":") else {
            throw unexpected("':'", bytes, colon)
        }
        return skipSpace(bytes, colon + 1)
    }

    private static func literal(
        _ text: String,
        _ bytes: Span<UInt8>,
        _ start: Int,
        onto tape: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        var at = start
        for expected in text.utf8 {
            guard byte(bytes, at) == expected else { throw unexpected("a value", bytes, at) }
            at += 1
        }
        tape.append(JSONToken(start: start, link: UInt32(truncatingIfNeeded: at)))
        return at
    }

    private static func number(
        _ bytes: Span<UInt8>,
        _ start: Int,
        onto tape: inout OutputSpan<JSONToken>
    ) throws(JSONError) -> Int {
        var at = start
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if byte(bytes, at) == UInt8(ascii: "0") {
            at += 1
        } else {
            at = try digits(bytes, at)
        }
        if byte(bytes, at) == UInt8(ascii: ".") {
            at = try digits(bytes, at + 1)
        }
        if byte(bytes, at) | 0x20 == UInt8(ascii: "e") {
            at += 1
            let sign = byte(bytes, at)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            at = try digits(bytes, at)
        }
        tape.append(JSONToken(start: start, link: UInt32(truncatingIfNeeded: at)))
        return at
    }

    /// One digit or more; gives where they end.
    @inline(__always)
    private static func digits(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        var at = start
        while byte(bytes, at) &- UInt8(ascii: "0") < 10 { at += 1 }
        guard at > start else { throw unexpected("a digit", bytes, at) }
        return at
    }

    private static func unexpected(
        _ expected: String,
        _ bytes: Span<UInt8>,
        _ at: Int
    ) -> JSONError {
        JSONError(at < bytes.count ? "expected \(expected)" : "the text ends early", at: at)
    }
}
