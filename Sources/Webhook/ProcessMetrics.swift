import Sockets

/// What the kernel says of this process, in Prometheus' standard names.
enum ProcessMetrics {
    static func write(to text: inout MetricsText) {
        guard let status = ProcessStatus() else { return }
        text.metric("process_cpu_seconds_total", .counter, "User and system time, in seconds.")
        text.sample("process_cpu_seconds_total", nanoseconds: status.cpuNanoseconds)
        text.metric(
            "process_resident_memory_bytes",
            .gauge,
            "Resident memory, in bytes.",
            status.residentBytes
        )
        text.metric("process_virtual_memory_bytes", .gauge, "Virtual memory, in bytes.", status.virtualBytes)
        text.metric("process_open_fds", .gauge, "Open file descriptors.", status.openDescriptors)
        text.metric(
            "process_max_fds",
            .gauge,
            "The most file descriptors that may be open.",
            status.maxDescriptors
        )
        text.metric("process_start_time_seconds", .gauge, "When the process started, since 1970.")
        text.sample("process_start_time_seconds", nanoseconds: status.startNanoseconds)
    }
}
