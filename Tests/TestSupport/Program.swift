package import Glibc
import Sockets

/// A program that runs beside the test, and ends with it.
///
/// Its output goes to files, so it never waits for a reader, and the test may read at any time.
package final class Program {
    private let scratch = Scratch()
    private let name: String
    package let process: pid_t
    private var ended: CInt?

    /// Starts `arguments`, found in PATH, with `environment` beside the test's own.
    package init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
        name = arguments.joined(separator: " ")
        try scratch.write(input, to: "input")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let output = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, scratch["input"], O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, scratch["output"], output, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, scratch["errors"], output, 0o600)

        // Tests ignore SIGPIPE; the program is to start as from a shell.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var process: pid_t = 0
        let program = arguments.first ?? ""
        let code = Self.withPointers(arguments) { arguments in
            Self.withPointers(Self.merged(environment)) { environment in
                posix_spawnp(&process, program, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SystemError("start \(name)", code: code) }
        self.process = process
    }

    deinit {
        guard ended == nil else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// How a program that has ended left.
    package struct Outcome {
        package let status: CInt
        package let output: String
        package let errors: String
    }

    /// Runs a program to its end.
    package static func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:],
        seconds: Int = 60
    ) throws -> Outcome {
        let program = try Program(arguments, input: input, environment: environment)
        let status = try program.waitForEnd(seconds: seconds)
        return Outcome(status: status, output: try program.output, errors: try program.errors)
    }

    /// What it has written to standard output so far.
    package var output: String {
        get throws { String(decoding: try File.read(scratch["output"]), as: UTF8.self) }
    }

    /// What it has written to standard error so far.
    package var errors: String {
        get throws { String(decoding: try File.read(scratch["errors"]), as: UTF8.self) }
    }

    package func signal(_ number: CInt) {
        kill(process, number)
    }

    /// Whether it has ended, without waiting.
    package var hasEnded: Bool {
        if ended == nil {
            var status: CInt = 0
            if waitpid(process, &status, WNOHANG) == process {
                // As a shell gives it: 128 and the signal's number for one that a signal ended.
                ended = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
            }
        }
        return ended != nil
    }

    /// Waits for its end; its exit status.
    package func waitForEnd(seconds: Int = 60) throws -> CInt {
        guard Deadline.wait(seconds: seconds, until: { hasEnded }), let ended else {
            throw Trouble("\(name) has not ended in \(seconds) s; it said: \(try errors)")
        }
        return ended
    }

    /// Resident memory, in bytes.
    package var residentBytes: Int {
        get throws {
            let status = String(decoding: try File.read("/proc/\(process)/status"), as: UTF8.self)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            guard let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
                throw Trouble("no VmRSS for \(name)")
            }
            return kibibytes << 10
        }
    }

    private static func merged(_ additions: [String: String]) -> [String] {
        var environment: [String] = []
        var pointer = environ
        while let entry = pointer.pointee {
            environment.append(String(cString: entry))
            pointer += 1
        }
        environment.removeAll { entry in
            // No variable of the person who runs the tests decides what they see.
            entry.hasPrefix("PATLESS_") || additions.keys.contains { entry.hasPrefix("\($0)=") }
        }
        return environment + additions.map { "\($0)=\($1)" }
    }

    private static func withPointers<Result>(
        _ texts: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = texts.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(&pointers)
    }
}
