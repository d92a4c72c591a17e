import Glibc

/// A system call that failed: which one, and why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: CInt

    package init(_ call: String, code: CInt = errno) {
        self.call = call
        self.code = code
    }

    /// Whether the process or the system has run out of descriptors or memory.
    package var isExhaustion: Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }

    package var description: String {
        "\(call): \(String(cString: strerror(code)))"
    }
}
