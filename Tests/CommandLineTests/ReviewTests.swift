import Foundation
import Policy
import Sockets
import TestSupport
import Testing

@Suite("patless review")
struct ReviewTests {
    @Test(
        "ends with 0 for what is allowed and with 1 for what is denied, and prints the answer",
        arguments: [
            ("repository-keyless", 0), ("update-keyless", 0), ("service-account", 0),
            ("repository-with-pat", 1),
            ("repository-with-token-in-url", 1), ("update-adds-pat", 1),
        ]
    )
    func verdicts(_ name: String, _ status: CInt) throws {
        let text = String(decoding: try File.read(Patless.review(name)), as: UTF8.self)
        let byName = try Patless.run(["review", Patless.review(name)])
        #expect(byName.status == status && byName.errors.isEmpty)
        let answer = try JSONSerialization.jsonObject(with: Data(byName.output.utf8)) as? [String: Any]
        let response = answer?["response"] as? [String: Any]
        #expect(answer?["kind"] as? String == "AdmissionReview")
        #expect(response?["allowed"] as? Bool == (status == 0))
        #expect(!byName.output.contains("not-a-real-token"))
        for arguments in [["review"], ["review", "-"]] {
            let piped = try Patless.run(arguments, input: text)
            #expect(piped.status == status && piped.output == byName.output)
        }
    }

    @Test func `follows the policy that it is given`() throws {
        let scratch = Scratch()
        let policy = try scratch.write(
            PolicyText.head + "rules: {secret-ref: {mode: warn}}\n",
            to: "policy.yaml"
        )
        let review = Patless.review("repository-with-pat")
        let outcome = try Patless.run(["review", "--config", policy, review])
        #expect(outcome.status == 0 && outcome.output.contains(#""warnings":["#))
    }

    @Test func `answers as the mutating webhook when it is asked to`() throws {
        let scratch = Scratch()
        let policy = try scratch.write(PolicyText.identities, to: "policy.yaml")
        let review = Patless.review("service-account")
        let outcome = try Patless.run(["review", "--mutate", "--config", policy, review])
        #expect(outcome.status == 0 && outcome.output.contains(#""patchType":"JSONPatch""#))
        #expect(try !Patless.run(["review", "--config", policy, review]).output.contains("patch"))
    }

    @Test(
        "ends with 2 and one line for what it cannot use",
        arguments: [
            ("", "standard input: JSON, byte 0"), ("{", "standard input: JSON, byte 1"),
            ("\0", "standard input: JSON"),
            ("{}", "standard input: kind must be AdmissionReview"),
            (String(repeating: "[", count: 100_000), "nested deeper than"),
            (String(repeating: " ", count: 9 << 20), "File too large"),
            (
                #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}"#,
                "apiVersion must be admission.k8s.io/v1"
            ),
        ]
    )
    func unusable(_ input: String, _ complaint: String) throws {
        let outcome = try Patless.run(["review"], input: input)
        #expect(outcome.isComplaint(2) && outcome.errors.contains(complaint), "\(outcome)")
    }

    @Test func `ends with 2 and one line for a file or a policy that it cannot read`() throws {
        let scratch = Scratch()
        let bad = try scratch.write(PolicyText.head + "rule: {}\n", to: "bad.yaml")
        let review = Patless.review("repository-keyless")
        for (arguments, complaint) in [
            (["/nonexistent.json"], "open /nonexistent.json: No such file or directory"),
            ([scratch.path], "read \(scratch.path): Is a directory"),
            (["--config", "/nonexistent.yaml", review], "open /nonexistent.yaml: No such file or directory"),
            (["--config", bad, review], "\(bad):3:1: "),
            (["--config", review, review], "\(review):"),
        ] {
            let outcome = try Patless.run(["review"] + arguments)
            #expect(outcome.status == 2 && outcome.output.isEmpty && !outcome.isCrash, "\(outcome)")
            #expect(outcome.errors.contains(complaint), "\(outcome)")
        }
    }
}
