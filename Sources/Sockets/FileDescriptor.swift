import Glibc

/// An open descriptor, closed exactly once.
///
/// It cannot be copied, so two owners of one descriptor do not compile.
package struct FileDescriptor: ~Copyable, Sendable {
    package let number: CInt

    /// Takes ownership of what `call` opened, or says why it opened nothing.
    package init(_ call: String, _ number: CInt) throws(SystemError) {
        guard number >= 0 else { throw SystemError(call) }
        self.number = number
    }

    /// Takes ownership of `number`, which another owner gave up with `release`.
    package init(taking number: CInt) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Gives the descriptor up without closing it; the caller owns the number now.
    package consuming func release() -> CInt {
        let number = number
        discard self
        return number
    }
}
