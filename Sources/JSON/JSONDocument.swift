/// A JSON text that was checked in full, and where each of its values begins.
///
/// It keeps the buffer that the text came in, without a copy.
package final class JSONDocument: Sendable {
    package let bytes: [UInt8]
    /// Where the text begins in `bytes`.
    let origin: Int
    let tape: [JSONToken]

    /// The document that `range` of `bytes` is.
    package init(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONError) {
        // A token has 31 bits for an offset.
        guard bytes.count < 1 << 31 else { throw JSONError("too long", at: 0) }
        self.bytes = bytes
        origin = range.lowerBound
        // A token takes a byte and another that closes or separates it, but for what is still open and the last.
        let most = range.count / 2 + JSONScanner.maximumDepth + 2
        do {
            tape = try [JSONToken](capacity: most) { (tape) throws(JSONError) in
                let text = bytes.span.extracting(0..<range.upperBound)
                try JSONScanner.scan(text, from: range.lowerBound, onto: &tape)
            }
        } catch {
            throw JSONError(error.what, at: error.offset - range.lowerBound)
        }
    }

    package convenience init(_ bytes: [UInt8]) throws(JSONError) {
        try self.init(bytes, 0..<bytes.count)
    }

    package var root: JSONValue {
        JSONValue(document: self, index: 0)
    }
}
