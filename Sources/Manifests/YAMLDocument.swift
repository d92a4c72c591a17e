/// One document of a YAML stream: the value at its root, with every alias resolved.
package struct YAMLDocument: Sendable, Equatable {
    package let root: YAMLNode

    /// The documents of a stream in UTF-8, with or without a byte order mark.
    package static func parse(_ bytes: [UInt8]) throws(YAMLError) -> [YAMLDocument] {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            var cursor = YAMLCursor(bytes, from: start)
            throw YAMLError(cursor.mark(atByte: error.byteOffsets.lowerBound), "not UTF-8")
        }
        var composer = YAMLComposer(YAMLParser(bytes, from: start))
        return try composer.documents()
    }
}
