import ArgumentParser
import Audit
import Sockets

/// `patless audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read and verify the record of what was refused.",
        discussion: """
            FILE is a file of `serve --audit FILE`, one that was put aside, or - for standard input:

              kubectl -n patless logs deployment/patless | patless audit list -
            """,
        subcommands: [Verify.self, List.self, Statistics.self, Schema.self]
    )

    /// The files to read.
    struct Files: ParsableArguments {
        @Argument(help: "The files of a trail, in any order; - for standard input.", completion: .file())
        var files: [String]
    }

    /// `patless audit verify FILE…`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether any line was removed, changed or moved.",
            discussion: """
                Each line has a number, and the SHA-256 of the line before it. Give all files of a trail at once, and their \
                parts are put together. What nobody can tell from the files alone: whether the last lines were cut off. The \
                digest of the last line is printed; keep it elsewhere to be able to.

                Exit status: 0 all is well, 1 something is wrong, which is named, 2 a file cannot be read.

                  patless audit verify audit.jsonl*
                """
        )

        @OptionGroup var input: Files

        func run() throws {
            let isWell = try Failure.explained {
                var verification = TrailVerification()
                for file in input.files where verification.fault == nil { try verification.read(file) }
                let chains = verification.finish()
                if let fault = verification.fault {
                    Console.error("patless: \(fault)")
                    return false
                }
                if chains.isEmpty { Console.print("no line of an audit trail") }
                for chain in chains {
                    let gaps =
                        chain.lost == 0 ? "" : ", \(chain.lost) decisions not on record, as it says itself"
                    let start = chain.first == 1 ? "" : ", what is before \(chain.first) was not given"
                    Console.print(
                        "\(chain.instance) (chain \(chain.chain)): lines \(chain.first) to \(chain.last) are whole"
                            + "\(gaps)\(start); the last is \(chain.digest)"
                    )
                }
                return true
            }
            guard isWell else { throw ExitCode(1) }
        }
    }

    /// `patless audit schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of a line.",
            discussion: """
                JSON Schema 2020-12; its name is the `schema` of each line.

                  patless audit schema > audit-v1.schema.json
                """
        )

        func run() {
            File.write(AuditSchema.text, to: File.standardOutput)
        }
    }
}
