import Glibc

/// What the kernel says of this process (proc(5)).
package struct ProcessStatus: Sendable {
    package let cpuNanoseconds: Int
    package let residentBytes: Int
    package let virtualBytes: Int
    package let openDescriptors: Int
    package let maxDescriptors: Int
    /// Since 1970.
    package let startNanoseconds: Int

    /// Reads it; nil where /proc is not mounted.
    package init?() {
        guard let stat = try? File.read("/proc/self/stat"), let boot = Self.bootSecond,
            // The second field, a name, is in parentheses and may hold anything.
            let nameEnd = stat.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = stat[(nameEnd + 1)...].split(separator: 0x20).map {
            Int(String(decoding: $0, as: UTF8.self)) ?? 0
        }
        guard fields.count > 21 else { return nil }
        let tick = 1_000_000_000 / sysconf(CInt(_SC_CLK_TCK))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // Fields are numbered from 1 in proc(5), and the third is the first here.
        cpuNanoseconds = (fields[11] + fields[12]) * tick
        startNanoseconds = boot * 1_000_000_000 + fields[19] * tick
        virtualBytes = fields[20]
        residentBytes = fields[21] * sysconf(CInt(_SC_PAGESIZE))
        openDescriptors = Self.countDescriptors()
        maxDescriptors = Int(clamping: limit.rlim_cur)
    }

    /// Lets the process open as many descriptors as it may.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }

    /// How many bytes of memory the container may have, by its cgroup of version 2 or 1; nil for no bound.
    package static var memoryLimit: Int? {
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            guard let text = try? File.read(path) else { continue }
            let number = Int(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
            // Version 1 says "no bound" with a number that no machine has.
            return number.flatMap { $0 < 1 << 50 ? $0 : nil }
        }
        return nil
    }

    /// How many processors the process may run on.
    package static var processors: Int {
        max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
    }

    /// What this machine is called, which in a pod is the pod's name.
    package static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    }

    private static var bootSecond: Int? {
        guard let stat = try? File.read("/proc/stat") else { return nil }
        let lines = stat.split(separator: UInt8(ascii: "\n"))
        let line = lines.first { $0.starts(with: "btime ".utf8) }
        return line.flatMap { Int(String(decoding: $0.dropFirst(6), as: UTF8.self)) }
    }

    private static func countDescriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil {
            count += 1
        }
        // Without `.`, `..` and the directory itself.
        return count - 3
    }
}
