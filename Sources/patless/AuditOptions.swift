import ArgumentParser

/// What `serve` keeps of its decisions, and where.
struct AuditOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where decisions go on record: stdout, a file, or none; may be repeated.",
            discussion: """
                A decision that says something is one line of JSON: denied, warned, exempted, audited or patched. \
                A file goes on where it ended when the server starts anew.
                """,
            valueName: "destination"
        )
    )
    var audit: [String] = ["stdout"]

    @Flag(help: "Put what is allowed without a finding on record too; otherwise it is only counted.")
    var auditAllowed = false

    @Option(help: ArgumentHelp("MiB after which a file is put aside.", valueName: "MiB"))
    var auditSize = 64

    @Option(help: ArgumentHelp("How old a file gets before it is put aside.", valueName: "duration"))
    var auditAge = Duration(seconds: 86_400)

    @Option(help: ArgumentHelp("How many files that were put aside stay.", valueName: "n"))
    var auditKeep = 8

    /// The files among the destinations.
    var files: [String] {
        audit.filter { $0 != "stdout" && $0 != "none" }
    }

    func validate() throws {
        guard audit.count == 1 || !audit.contains("none") else {
            throw ValidationError("--audit none is the only one, or there is none of it.")
        }
        guard Set(audit).count == audit.count, files.count <= 1, !audit.contains("") else {
            throw ValidationError("--audit takes stdout, one file, or both.")
        }
        guard 1...65_536 ~= auditSize else {
            throw ValidationError("--audit-size must be between 1 and 65536.")
        }
        guard 0...10_000 ~= auditKeep else {
            throw ValidationError("--audit-keep must be between 0 and 10000.")
        }
    }
}
