/// Why a server gave no answer.
package struct ClientError: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// Whether the connection ended before the first byte of an answer: a kept one may have been closed meanwhile.
    package var isUnanswered = false

    package init(_ description: String) {
        self.description = description
    }
}
