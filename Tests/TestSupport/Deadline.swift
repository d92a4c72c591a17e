import Sockets

/// How long a test waits for what must happen: far longer than it takes, so that only a fault reaches it.
package struct Deadline {
    private let end: Int
    /// How many times as long everything takes: under a sanitizer, more.
    package static let slowness = Int(EnvironmentVariable.value("PATLESS_TEST_SLOWNESS") ?? "") ?? 1

    package init(seconds: Int = 20) {
        end = Clock.monotonic + seconds * Self.slowness * 1_000_000_000
    }

    package var hasPassed: Bool {
        Clock.monotonic >= end
    }

    /// Looks again and again until `condition` holds; false when the time is up before it does.
    package static func wait(seconds: Int = 20, until condition: () throws -> Bool) rethrows -> Bool {
        let deadline = Deadline(seconds: seconds)
        while try !condition() {
            if deadline.hasPassed { return false }
            Clock.sleep(milliseconds: 2)
        }
        return true
    }
}

/// What went wrong around a test, rather than in what it tests.
package struct Trouble: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
