package import HTTP
package import Logging
import Sockets
import Synchronization

/// A value made of files, made anew when their content changes.
///
/// When the new content makes no value, the old value stays. Readers get a snapshot: the lock is held for
/// the time of a reference.
package final class Reloader<Value: Sendable>: Sendable {
    package let changes = CounterTable<ChangeOutcome>()
    private let what: String
    private let paths: [String]
    private let make: @Sendable ([[UInt8]]) throws -> Value
    private let logger: Logger
    private let value: Mutex<Value>
    private let state: Mutex<State>

    private struct State {
        /// What was last tried, in the order of the paths; nil when a file could not be read.
        var contents: [[UInt8]]?
        var failure: String?
    }

    /// Reads the files and makes the first value.
    ///
    /// - Throws: what `make` throws, or `SystemError` for a file that cannot be read.
    package init(
        _ what: String,
        of paths: [String],
        logger: Logger,
        make: @escaping @Sendable ([[UInt8]]) throws -> Value
    ) throws {
        self.what = what
        self.paths = paths
        self.logger = logger
        self.make = make
        let contents = try paths.map { try File.read($0) }
        value = Mutex(try make(contents))
        state = Mutex(State(contents: contents))
    }

    package var current: Value {
        value.withLock { $0 }
    }

    /// Why the files as they are now make no value; nil when they do.
    package var failure: String? {
        state.withLock { $0.failure }
    }

    /// Looks whether the files have changed, and makes the value anew if so; called by one thread.
    ///
    /// - Returns: whether there is another value.
    @discardableResult
    package func check() -> Bool {
        var contents: [[UInt8]]?
        var failure: String?
        do {
            contents = try paths.map { try File.read($0) }
        } catch {
            failure = "\(error)"
        }
        let (before, wasFailing) = state.withLock { ($0.contents, $0.failure != nil) }
        guard contents != before || contents == nil && !wasFailing else { return false }
        if let contents {
            do {
                let value = try make(contents)
                self.value.withLock { $0 = value }
            } catch {
                failure = "\(error)"
            }
        }
        state.withLock { $0 = State(contents: contents, failure: failure) }
        changes.add(failure == nil ? .success : .failure)
        if let failure {
            logger.error(
                "the changed \(what) is not used; the one before stays",
                metadata: ["reason": "\(failure)"]
            )
        } else {
            logger.notice("the \(what) has changed and is in use")
        }
        return failure == nil
    }
}
