import CYAML

/// The events of a YAML stream, one after another, from libyaml.
///
/// The only place that knows C. Both allocations live as long as the parser does and are seen by nobody else;
/// that is what `@safe` rests on.
@safe
struct YAMLParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let start: Int
    private var cursor: YAMLCursor
    private let bytes: [UInt8]

    /// A parser of `bytes`, UTF-8, from the byte at `start`, which follows the byte order mark.
    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        self.start = start
        cursor = YAMLCursor(bytes, from: start)
        unsafe input = .allocate(capacity: bytes.count - start)
        _ = unsafe input.initialize(fromContentsOf: bytes[start...])
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        // Otherwise it would guess, and take UTF-16 as well.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; after the last it is `.streamEnd` for ever.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error() }
        defer { unsafe yaml_event_delete(&event) }

        let (kind, anchor, tag) = unsafe Self.content(of: event)
        return YAMLEvent(
            kind: kind,
            anchor: anchor,
            tag: tag,
            start: cursor.mark(atCharacter: unsafe event.start_mark.index),
            end: cursor.mark(atCharacter: unsafe event.end_mark.index)
        )
    }

    private static func content(of event: yaml_event_t) -> (YAMLEvent.Kind, anchor: String?, tag: String?) {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return (.streamStart, nil, nil)
        case YAML_DOCUMENT_START_EVENT: return (.documentStart, nil, nil)
        case YAML_DOCUMENT_END_EVENT: return (.documentEnd, nil, nil)
        case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, nil, nil)
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, nil, nil)
        case YAML_ALIAS_EVENT:
            return (.alias, unsafe text(event.data.alias.anchor), nil)
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe event.data.sequence_start
            return (.sequenceStart, unsafe text(data.anchor), unsafe text(data.tag))
        case YAML_MAPPING_START_EVENT:
            let data = unsafe event.data.mapping_start
            return (.mappingStart, unsafe text(data.anchor), unsafe text(data.tag))
        case YAML_SCALAR_EVENT:
            let data = unsafe event.data.scalar
            // By length, not up to a NUL: "\0" is a character like any other.
            let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
            let value = unsafe String(decoding: bytes, as: UTF8.self)
            let style: YAMLNode.Style = unsafe data.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
            return (.scalar(value, style), unsafe text(data.anchor), unsafe text(data.tag))
        default: return (.streamEnd, nil, nil)
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private mutating func error() -> YAMLError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory"
        // Of a character that is none in YAML libyaml knows the byte only.
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            return YAMLError(cursor.mark(atByte: start + (unsafe parser.pointee.problem_offset)), problem)
        }
        let mark = cursor.mark(atCharacter: unsafe parser.pointee.problem_mark.index)
        if mark.offset < bytes.count, bytes[mark.offset] == UInt8(ascii: "\t") {
            return YAMLError(mark, "a tab cannot indent; use spaces")
        }
        guard let context = unsafe parser.pointee.context else { return YAMLError(mark, problem) }
        let begun = cursor.mark(atCharacter: unsafe parser.pointee.context_mark.index).line
        let since = begun == mark.line ? "" : " that begins on line \(begun)"
        return YAMLError(mark, "\(problem) \(unsafe String(cString: context))\(since)")
    }
}
