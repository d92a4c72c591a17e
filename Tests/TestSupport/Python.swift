import Sockets

/// The Python that has the tests' packages.
package enum Python {
    /// PATLESS_TEST_PYTHON, or else the first one in PATH.
    package static var command: String {
        EnvironmentVariable.value("PATLESS_TEST_PYTHON").flatMap { $0.isEmpty ? nil : $0 } ?? "python3"
    }
}
