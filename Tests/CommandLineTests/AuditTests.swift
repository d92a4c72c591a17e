import Foundation
import Glibc
import Sockets
import TestSupport
import Testing

@Suite("patless audit")
struct AuditTests {
    /// The file of a server that decided: two denials, a patch, and nothing about what is keyless.
    private func trail(_ scratch: Scratch) throws -> String {
        let policy = try scratch.write(PolicyText.identities, to: "policy.yaml")
        let file = scratch["audit.jsonl"]
        let serving = try Serving(["--config", policy, "--audit", file])
        let client = try serving.client()
        for (review, path) in [
            ("repository-with-pat", "/validate"), ("repository-keyless", "/validate"),
            ("repository-with-token-in-url", "/validate"), ("service-account", "/mutate"),
        ] {
            #expect(try client.request(Serving.post(review, to: path)).status == 200)
        }
        serving.program.signal(SIGINT)
        #expect(try serving.program.waitForEnd() == 0)
        return file
    }

    @Test func `verifies, lists and counts what a server has put on record`() throws {
        let scratch = Scratch()
        let file = try trail(scratch)
        let verified = try Patless.run(["audit", "verify", file])
        #expect(verified.status == 0 && verified.output.contains("lines 1 to 5 are whole"), "\(verified)")

        let table = try Patless.run(["audit", "list", file])
        let rows = table.output.split(separator: "\n")
        #expect(table.status == 0 && rows.count == 4 && rows[0].hasPrefix("TIME "), "\(table)")
        #expect(rows[1].contains("deny") && rows[1].hasSuffix("secret-ref"))
        #expect(rows[3].contains("patch") && rows[3].contains("ServiceAccount flux-system/source-controller"))

        let denied = try Patless.run(["audit", "list", "--decision", "deny", "--format", "csv", file])
        #expect(denied.output.split(separator: "\n").count == 3, "\(denied)")
        let none = try Patless.run(["audit", "list", "--until", "2020-01-01", file])
        #expect(none.output == "no such decision\n")
        let ruled = try Patless.run(["audit", "list", "--rule", "url-credentials", "--format", "json", file])
        struct Line: Decodable {
            let sequence: Int
            let decision: String
        }
        let line = try JSONDecoder().decode(Line.self, from: Data(ruled.output.utf8))
        #expect(line.sequence == 3 && line.decision == "deny")

        let chart = try Patless.run(["audit", "stats", file])
        #expect(chart.output.hasPrefix("3 decisions\n") && chart.output.contains("█"), "\(chart)")
        #expect(chart.output.contains("by namespace\n  shop         2  "), "\(chart)")
        let counted = try Patless.run(["audit", "stats", "--format", "json", file])
        #expect(counted.output.contains(#""decision":{"deny":2,"patch":1}"#), "\(counted)")
        for outcome in [verified, table, denied, ruled, chart, counted] {
            #expect(!outcome.output.contains("not-a-real-token"))
        }
    }

    @Test func `names the first bad line and ends with 1`() throws {
        let scratch = Scratch()
        let file = try trail(scratch)
        let text = String(decoding: try File.read(file), as: UTF8.self)
        let forged = try scratch.write(
            text.replacing(#""user":""#, with: #""user":"not-"#),
            to: "forged.jsonl"
        )
        let outcome = try Patless.run(["audit", "verify", forged])
        #expect(outcome.isComplaint(1), "\(outcome)")
        #expect(outcome.errors.contains("forged.jsonl:2: is not what it was when "), "\(outcome)")
        #expect(try Patless.run(["audit", "verify", scratch["missing"]]).isComplaint(2))
    }

    @Test func `reads a trail from standard input`() throws {
        let scratch = Scratch()
        let text = String(decoding: try File.read(try trail(scratch)), as: UTF8.self)
        let outcome = try Patless.run(["audit", "list", "-"], input: text)
        #expect(outcome.output.split(separator: "\n").count == 4)
    }

    @Test func `writes lines that its schema admits, in another author's reading`() throws {
        let scratch = Scratch()
        let file = try trail(scratch)
        let schema = try scratch.write(try Patless.run(["audit", "schema"]).output, to: "schema.json")
        let judge = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            lines = [json.loads(line) for line in open(sys.argv[2])]
            lines.append({**lines[1], "decision": "perhaps"})
            print([[error.message for error in validator.iter_errors(line)] == [] for line in lines])
            """
        let outcome = try Program.run([Python.command, "-c", judge, schema, file])
        #expect(outcome.output == "[True, True, True, True, True, False]\n", "\(outcome)")
    }
}
