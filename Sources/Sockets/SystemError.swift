import Glibc

/// A system call that failed: which one, and why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: CInt
    private let reason: String

    package init(_ call: String, code: CInt = errno) {
        self.call = call
        self.code = code
        reason = String(cString: strerror(code))
    }

    /// A failure that has words and no code.
    package init(_ call: String, reason: String) {
        self.call = call
        self.reason = reason
        code = 0
    }

    /// Whether the process or the system has run out of descriptors or memory.
    package var isExhaustion: Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }

    /// Whether there is no room left where something was to be written.
    package var isLackOfSpace: Bool {
        [ENOSPC, EDQUOT, EFBIG].contains(code)
    }

    package var description: String {
        "\(call): \(reason)"
    }
}
