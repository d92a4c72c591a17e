extension JSONScanner {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The offset of the quote that closes the string whose content begins at `start`.
    ///
    /// Most text is plain ASCII, so it is read eight bytes at a time and only what is not plain is looked at
    /// byte by byte.
    @inline(__always)
    static func endOfString(
        _ bytes: Span<UInt8>,
        from start: Int,
        escapes: inout UInt32
    ) throws(JSONError) -> Int {
        var at = start
        while true {
            while at &+ 8 <= bytes.count {
                let special = specialBytes(word(bytes, at))
                if special != 0 {
                    at &+= special.trailingZeroBitCount >> 3
                    break
                }
                at &+= 8
            }
            let next = byte(bytes, at)
            if next == UInt8(ascii: "\"") { return at }
            at = try passUnusual(bytes, at, next, escapes: &escapes)
        }
    }

    /// Eight bytes as one number, the first in its lowest bits.
    ///
    /// The load checks bounds like a subscript does; it is called unsafe for types that not every bit pattern
    /// fits. Eight subscripts instead make the scan of an admission review 1.8 times slower.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ at: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    /// A high bit for the first byte that is a quote, a backslash, a control character or not ASCII.
    ///
    /// Bits above the lowest one set mean nothing.
    @inline(__always)
    private static func specialBytes(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let quotes = (quote &- ones) & ~quote
        let backslashes = (backslash &- ones) & ~backslash
        let controls = (word &- 0x2020_2020_2020_2020) & ~word
        return (quotes | backslashes | controls | word) & highBits
    }

    /// Passes what stands at `at` and is not the closing quote; gives where the next thing stands.
    @inline(never)
    private static func passUnusual(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ first: UInt8,
        escapes: inout UInt32
    ) throws(JSONError) -> Int {
        guard start < bytes.count else { throw JSONError("the text ends within a string", at: start) }
        if first == UInt8(ascii: "\\") {
            escapes = JSONToken.escaped
            return try passEscape(bytes, start)
        }
        guard first >= 0x20 else { throw JSONError("a control character within a string", at: start) }
        var at = start
        // The next byte is likely of the same script, or the tail of the text, shorter than a word.
        while true {
            let next = byte(bytes, at)
            if next >= 0x80 {
                at = try passMultiByte(bytes, at, next)
            } else if next >= 0x20, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") {
                at += 1
                if at &+ 8 <= bytes.count { return at }
            } else {
                return at
            }
        }
    }

    private static func passEscape(_ bytes: Span<UInt8>, _ backslash: Int) throws(JSONError) -> Int {
        switch byte(bytes, backslash + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal(bytes, backslash + 2) else { break }
            if unit & 0xF800 != 0xD800 { return backslash + 6 }
            guard unit < 0xDC00,
                byte(bytes, backslash + 6) == UInt8(ascii: "\\"),
                byte(bytes, backslash + 7) == UInt8(ascii: "u"),
                let low = hexadecimal(bytes, backslash + 8),
                low & 0xFC00 == 0xDC00
            else { throw JSONError("half of a surrogate pair", at: backslash) }
            return backslash + 12
        default:
            break
        }
        throw JSONError("an escape that JSON does not have", at: backslash)
    }

    /// The number that four hexadecimal digits write.
    static func hexadecimal(_ bytes: Span<UInt8>, _ start: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 0..<4 {
            let digit = byte(bytes, start + offset)
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - 0x57)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - 0x37)
            default: return nil
            }
        }
        return value
    }

    /// Passes one character of two to four bytes, by table 3-7 of the Unicode standard.
    private static func passMultiByte(
        _ bytes: Span<UInt8>,
        _ at: Int,
        _ first: UInt8
    ) throws(JSONError) -> Int {
        let second = byte(bytes, at + 1)
        func continues(_ offset: Int) -> Bool { byte(bytes, at + offset) & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF:
            if continues(1) { return at + 2 }
        case 0xE0...0xEF:
            // Neither overlong nor a surrogate.
            let fits = first == 0xE0 ? second >= 0xA0 : first == 0xED ? second < 0xA0 : true
            if fits, continues(1), continues(2) { return at + 3 }
        case 0xF0...0xF4:
            // Neither overlong nor beyond U+10FFFF.
            let fits = first == 0xF0 ? second >= 0x90 : first == 0xF4 ? second < 0x90 : true
            if fits, continues(1), continues(2), continues(3) { return at + 4 }
        default:
            break
        }
        throw JSONError("not UTF-8", at: at)
    }
}
