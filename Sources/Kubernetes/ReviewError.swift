package import JSON

/// Why a request is no admission review that can be decided.
package struct ReviewError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, for a person; it never quotes a value.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package init(_ error: JSONError) {
        message = error.description
    }

    package var description: String {
        message
    }
}
