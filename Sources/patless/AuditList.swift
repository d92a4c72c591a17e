import ArgumentParser
import Audit
import JSON

extension AuditCommand {
    /// `patless audit list FILE…`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show decisions: who tried what, when, and what happened.",
            discussion: """
                Exit status: 0, or 2 when a file cannot be read.

                  patless audit list --since 24h --decision deny audit.jsonl*
                  patless audit list --format csv --namespace apps audit.jsonl > apps.csv
                """
        )

        enum Format: String, CaseIterable, ExpressibleByArgument {
            case table, json, csv
        }

        @OptionGroup var filter: AuditFilterOptions

        @Option(
            help: "table for people; json: the lines as they are, with their chain; csv for spreadsheets."
        )
        var format = Format.table

        @OptionGroup var input: Files

        func run() throws {
            try Failure.explained {
                switch format {
                case .table: try table()
                case .json:
                    try filter.forEach(in: input.files) { entry in
                        Console.write(entry.root.document.bytes + [UInt8(ascii: "\n")])
                    }
                case .csv:
                    Console.print(Self.titles.joined(separator: ","))
                    try filter.forEach(in: input.files) { entry in
                        Console.print(Self.cells(entry).map(AuditCommand.cell).joined(separator: ","))
                    }
                }
            }
        }

        private func table() throws {
            var rows: [[String]] = []
            try filter.forEach(in: input.files) { entry in
                let object = "\(entry.kind) \(entry.namespace)/\(entry.name)"
                let mark = entry.isDryRun ? " (dry run)" : ""
                rows.append([
                    entry.timeText, entry.decision + mark, entry.operation, object, entry.user,
                    entry.rules.joined(separator: ","),
                ])
            }
            guard !rows.isEmpty else { return Console.print("no such decision") }
            Console.print(table: ["TIME", "DECISION", "OPERATION", "OBJECT", "USER", "RULES"], rows)
        }

        private static let titles = [
            "time", "instance", "decision", "dryRun", "operation", "kind", "namespace", "name", "user",
            "rules",
            "message",
        ]

        private static func cells(_ entry: AuditEntry) -> [String] {
            [
                entry.timeText, entry.instance, entry.decision, "\(entry.isDryRun)", entry.operation,
                entry.kind, entry.namespace, entry.name, entry.user, entry.rules.joined(separator: " "),
                entry.message,
            ]
        }
    }
}
