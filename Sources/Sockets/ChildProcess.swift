import CLinux
import Glibc

/// A program that is run to its end for what it prints.
package struct ChildProcess: Sendable {
    /// How it ended, and what it printed on standard output.
    package struct Result: Sendable {
        /// The exit status; 128 and the signal's number for one that a signal ended.
        package let status: Int
        package let output: [UInt8]
    }

    private let path: String
    private let arguments: [String]
    private let environment: [String: String]

    /// A program, by its path or as PATH finds it; `environment` is added to ours.
    package init(_ path: String, arguments: [String], environment: [String: String]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs it; its standard input and standard error are ours, so that it may ask the person at the terminal.
    ///
    /// - Throws: when it cannot be started, prints more than `limit` bytes, or is not done by `deadline` on the
    ///   monotonic clock: then it is killed.
    package func run(until deadline: Int, limit: Int = 1 << 20) throws(SystemError) -> Result {
        var ends: [CInt] = [0, 0]
        guard linux_pipe(&ends) == 0 else { throw SystemError("pipe") }
        let reading = Socket(taking: ends[0])
        let writing = FileDescriptor(taking: ends[1])
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        let pid = try spawn(output: writing.number)
        _ = consume writing

        var output: [UInt8] = []
        var failure: SystemError?
        while failure == nil {
            guard reading.wait(for: .reading, until: deadline) else {
                failure = SystemError("wait for \(path)", code: ETIMEDOUT)
                break
            }
            let (count, code) = Self.read(reading.descriptor.number, into: &output)
            if count == 0 { break }
            if count < 0, code != EAGAIN, code != EINTR {
                failure = SystemError("read from \(path)", code: code)
            }
            if output.count > limit { failure = SystemError("read from \(path)", code: EFBIG) }
        }
        if failure != nil { kill(pid, SIGKILL) }
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        if let failure { throw failure }
        let signal = status & 0x7F
        return Result(status: Int(signal == 0 ? status >> 8 & 0xFF : 128 + signal), output: output)
    }

    private static func read(_ descriptor: CInt, into output: inout [UInt8]) -> (Int, CInt) {
        var answer = 0
        output.append(addingCapacity: 4_096) { span in
            span.withUnsafeMutableBufferPointer { free, initialized in
                answer = Glibc.read(descriptor, free.baseAddress, 4_096)
                initialized += max(answer, 0)
            }
        }
        return (answer, errno)
    }

    private func spawn(output: CInt) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var strings = ([path] + arguments).map { strdup($0) }
        var variables = (inherited + environment.map { "\($0)=\($1)" }).map { strdup($0) }
        strings.append(nil)
        variables.append(nil)
        defer { (strings + variables).forEach { free($0) } }
        // Signals that a server blocks in itself are none of its children's business.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, path, &actions, &attributes, strings, variables)
        guard code == 0 else { throw SystemError("start \(path)", code: code) }
        return pid
    }

    /// Our own environment, without what is set anew.
    private var inherited: [String] {
        var all: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if environment[String(text.prefix { $0 != "=" })] == nil { all.append(text) }
            next += 1
        }
        return all
    }
}
