import ArgumentParser
import Audit
import Cluster
import Policy
import Sockets

/// Which decisions of a trail are asked for.
struct AuditFilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "From this moment on: 2027-01-31, 2027-01-31T08:00:00Z, or how long ago, such as 24h.",
            valueName: "time"
        )
    )
    var since: Moment?

    @Option(help: ArgumentHelp("Before this moment.", valueName: "time"))
    var until: Moment?

    @Option(help: ArgumentHelp("Only objects of this namespace.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("Only requests of this user.", valueName: "name"))
    var user: String?

    @Option(help: "Only decisions with a finding of this rule.")
    var rule: RuleName?

    @Option(help: "Only decisions that ended so.")
    var decision: Verdict.Decision?

    /// A moment, as a person gives it.
    struct Moment: ExpressibleByArgument {
        let second: Int

        init?(argument: String) {
            if let day = Day(argument[...]) {
                second = day.start
            } else if let second = Timestamp.second(argument) {
                self.second = second
            } else if let ago = Duration(argument: argument) {
                second = Clock.wall / 1_000_000_000 - ago.seconds
            } else {
                return nil
            }
        }
    }

    private var filter: AuditFilter {
        var filter = AuditFilter()
        filter.since = since?.second
        filter.until = until?.second
        filter.namespace = namespace
        filter.user = user
        filter.rule = rule?.rawValue
        filter.decision = decision?.rawValue
        return filter
    }

    /// Gives `handle` each decision of the files that is asked for; what is no line of a trail is told on standard error.
    func forEach(in files: [String], _ handle: (AuditEntry) -> Void) throws {
        let filter = filter
        for file in files {
            var reader = try TrailReader(file)
            while let item = try reader.next() {
                switch item {
                case .bad(let place, let reason): Console.error("patless: \(place): \(reason)")
                case .line(let line):
                    if let entry = AuditEntry(line), filter.admits(entry) { handle(entry) }
                }
            }
        }
    }
}
