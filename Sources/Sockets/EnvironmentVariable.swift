import Glibc

/// The environment of the process.
package enum EnvironmentVariable {
    /// The value of the variable `name`; nil when it is not set.
    package static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
