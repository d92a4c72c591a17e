/// Why some bytes are not JSON, or are JSON that cannot be relied on.
///
/// It never quotes the text that it speaks of: that may hold a secret.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package let what: String
    /// Where, in bytes from the beginning of the text.
    package let offset: Int

    package init(_ what: String, at offset: Int) {
        self.what = what
        self.offset = offset
    }

    package var description: String {
        "JSON, byte \(offset): \(what)"
    }
}
