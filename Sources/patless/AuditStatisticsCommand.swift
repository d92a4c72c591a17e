import ArgumentParser
import Audit
import JSON
import Sockets

extension AuditCommand {
    /// `patless audit stats FILE…`.
    struct Statistics: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats",
            abstract: "Count decisions by rule, namespace, user and time.",
            discussion: """
                Exit status: 0, or 2 when a file cannot be read.

                  patless audit stats --since 168h audit.jsonl*
                """
        )

        enum Format: String, CaseIterable, ExpressibleByArgument {
            case chart, json, csv
        }

        @OptionGroup var filter: AuditFilterOptions

        @Option(help: "chart for the terminal, json, or csv.")
        var format = Format.chart

        @OptionGroup var input: Files

        /// How many of each kind the chart shows.
        private static let most = 10
        private static let width = 40

        func run() throws {
            try Failure.explained {
                var statistics = AuditStatistics()
                try filter.forEach(in: input.files) { statistics.add($0) }
                switch format {
                case .chart: chart(statistics)
                case .json: Console.write(Self.json(statistics))
                case .csv:
                    Console.print("by,value,count")
                    for (title, counts) in Self.tables(statistics) {
                        for (name, count) in counts {
                            Console.print("\(title),\(AuditCommand.cell(name)),\(count)")
                        }
                    }
                }
            }
        }

        private func chart(_ statistics: AuditStatistics) {
            guard statistics.total > 0 else { return Console.print("no such decision") }
            Console.print("\(statistics.total) decisions")
            for (title, counts) in Self.tables(statistics) where !counts.isEmpty {
                let shown = title == "time" ? counts : Array(counts.prefix(Self.most))
                Console.print("\nby \(title)")
                let most = max(shown.map(\.count).max() ?? 1, 1)
                let name = shown.map(\.name.count).max() ?? 0
                let digits = String(most).count
                for row in shown {
                    let number = String(row.count)
                    let pad = String(repeating: " ", count: name - row.name.count + digits - number.count)
                    // What was at all has a mark, however little it was.
                    let bar = String(repeating: "█", count: (row.count * Self.width + most - 1) / most)
                    Console.print("  \(Console.printable(row.name))  \(pad)\(number)  \(bar)")
                }
                if counts.count > shown.count { Console.print("  and \(counts.count - shown.count) more") }
            }
        }

        private static func tables(_ statistics: AuditStatistics) -> [(
            title: String, counts: [(name: String, count: Int)]
        )] {
            [
                ("decision", AuditStatistics.ranked(statistics.decisions)),
                ("rule", AuditStatistics.ranked(statistics.rules)),
                ("namespace", AuditStatistics.ranked(statistics.namespaces)),
                ("user", AuditStatistics.ranked(statistics.users)),
                ("time", statistics.timeline.map { (Clock.utc($0.time).rfc3339, $0.count) }),
            ]
        }

        private static func json(_ statistics: AuditStatistics) -> [UInt8] {
            var text: [UInt8] = []
            text.writeJSON { json in
                json.object { json in
                    json.member("total", statistics.total)
                    json.member("stepSeconds", statistics.step)
                    for (title, counts) in tables(statistics) {
                        json.key(title)
                        json.object { json in
                            for (name, count) in counts { json.member(name, count) }
                        }
                    }
                }
            }
            return text + [UInt8(ascii: "\n")]
        }
    }

    /// A value as RFC 4180 has it; what a spreadsheet would take for a formula is made text.
    static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let text = isFormula ? "'" + text : text
        guard text.utf8.contains(where: { "\",\n\r".utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
