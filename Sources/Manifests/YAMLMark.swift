/// A place in a YAML text.
package struct YAMLMark: Sendable, Hashable {
    /// The line, from 1.
    package let line: Int
    /// The column, from 1, in characters (Unicode scalars).
    package let column: Int
    /// How many bytes come before it.
    package let offset: Int

    package init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }
}

/// Turns what libyaml counts, characters, into marks.
///
/// libyaml takes U+0085, U+2028 and U+2029 for ends of lines, which no editor does, so the lines are counted
/// here too. It asks forwards, hence one walk over the bytes answers a whole file.
struct YAMLCursor {
    private let bytes: [UInt8]
    private let start: Int
    private var index = 0
    private var offset: Int
    private var line = 1
    private var column = 1

    /// A cursor before the byte at `start`, where the first character is.
    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        self.start = start
        offset = start
    }

    /// The mark of the character before which there are `index` characters.
    mutating func mark(atCharacter index: Int) -> YAMLMark {
        if index < self.index { self = YAMLCursor(bytes, from: start) }
        while self.index < index, offset < bytes.count { step() }
        return YAMLMark(line: line, column: column, offset: offset)
    }

    /// The mark of the character that the byte at `offset` begins.
    mutating func mark(atByte offset: Int) -> YAMLMark {
        if offset < self.offset { self = YAMLCursor(bytes, from: start) }
        while self.offset < min(offset, bytes.count) { step() }
        return YAMLMark(line: line, column: column, offset: self.offset)
    }

    private mutating func step() {
        let byte = bytes[offset]
        offset += 1
        while offset < bytes.count, bytes[offset] & 0b1100_0000 == 0b1000_0000 { offset += 1 }
        index += 1

        let newline = UInt8(ascii: "\n")
        let carriageReturn = UInt8(ascii: "\r")
        let isCRLF = byte == carriageReturn && offset < bytes.count && bytes[offset] == newline
        let endsLine = byte == newline || byte == carriageReturn && !isCRLF
        line += endsLine ? 1 : 0
        column = endsLine ? 1 : column + 1
    }
}
