import Kubernetes
import Policy
import Testing

@Suite("A secret")
struct SecrecyTests {
    private static let secret = "gLpAt5ecretZ"

    /// Every place of a URL that can hold one.
    private static let urls = [
        "https://u:S@host/a", "https://S@host/a", "https://S:x@host/a", "https://S:@host/a",
        "https://:S@host/a",
        "https://u:%53S@host/a", "https://u:p@S@host/a", "https://u:S/x@host/a", "https://u:x/S@host/a",
        "https://u:S?x@host/a", "https://u:1?S@host/a", "https://u:S#x@host/a", "https://S#x@host/a",
        "https://host/a?token=S", "https://host/a?x=1&sig=S", "https://host/a?S", "https://host/a#S",
        "https://host/a?x=1#access_token=S", "https://host/a%3Ftoken=S", "https://host/a%3ftoken=S",
        "https://host/a;token=S", "https://host/a&token=S", "https://host/a/u:S@b", "https://host:S/a",
        "https://u:S@host:bad/a", "https://u:S@dev.azure.com/o/p/_git/r",
        "https://S@dev.azure.com/o/p/_git/r?sig=S",
        "https://dev.azure.com/o/p/_git/r?token=S", "https://dev.azure.com/o/p/_git/r%3FS",
        "https://dev.azure.com/o/p/_git/r#S", "https://dev.azure.com/o/p/_git/r@S",
        "http://u:S@dev.azure.com/a",
        "ssh://u:S@host/a", "ssh://git:S@ssh.dev.azure.com:v3/o/p/r", "u:S@host:a", "S@host:a", "://u:S@host",
        "//u:S@host/a", "https:u:S@host/a", "https:/u:S@host/a", "https:\\\\u:S@host/a", "https://u:S",
        "S://u:p@host", "https://u:2468/S@host/a", "https://u:2468/x/S@host/a", "https://u:/S@host/a",
        "https://u:/x/S@dev.azure.com/o/p/_git/r", "https://S:2468/x@host/a", "https://u:24?S@host/a",
        "https://u:24/x?S@host/a", "https://u:24#S@host/a", "https://git@u:2468/S@host/a",
        "https://x/S@host/a",
        "https://u@corp.com:2468/S@host/a", "ssh://git:2468/S@host/a", "https://host/@S/a",
        "https://:2468/S@host",
        "https://u:p@host:1/S@x", "https://u:p@S/x@host", "https://u:@S/x@host",
        "https://u:S\\@host/a", "https://u:S %zz@host/a", " https://u:S@host/a",
        "https://u:S@host/\u{1B}[31m",
    ].map { $0.replacing("S", with: secret) }

    @Test("in a URL is in nothing that is written or printed", arguments: urls)
    func inURLs(_ url: String) throws {
        let escaped = url.replacing("\\", with: "\\\\").replacing("\u{1B}", with: "\\u001b")
        for mode in [Mode.deny, .warn, .audit] {
            let policy = Fixture.policy { policy in
                for rule in RuleName.allCases { policy.rules[rule] = Enforcement(mode: mode) }
            }
            for rest in ["", #","provider":"azure","recurseSubmodules":true"#, #","secretRef":{"name":"x"}"#]
            {
                let spec = #""url":"\#(escaped)"\#(rest)"#
                let review = try Fixture.review(Fixture.repository(spec))
                let verdict = try Evaluator(policy).validate(review, at: Fixture.now)
                try expectClean(verdict, review)
                let update = try Fixture.review(Fixture.repository(spec), old: Fixture.repository(spec))
                try expectClean(try Evaluator(policy).validate(update, at: Fixture.now), update)
            }
        }
        #expect(!RepositoryURL(url).redacted.contains(Self.secret))
        #expect(RepositoryURL(url).azureDevOpsHTTPS?.contains(Self.secret) != true)
    }

    private func expectClean(_ verdict: Verdict, _ review: AdmissionReview) throws {
        var printed = ""
        dump(verdict, to: &printed)
        let texts =
            [
                Fixture.written(verdict, review), verdict.message, printed, "\(verdict)",
                String(reflecting: verdict),
            ]
            + verdict.warnings + verdict.judgements.flatMap { ["\($0)", "\($0.finding)", $0.finding.fix] }
        for text in texts {
            #expect(!text.contains(Self.secret))
            #expect(!text.utf8.contains(0x1B))
        }
    }

    @Test func `in a field that should hold a name is not repeated`() throws {
        for spec in [
            #""secretRef":{"name":"S@x"}"#, #""proxySecretRef":{"name":"S x"}"#,
            #""provider":"github","secretRef":{"name":"S"}"#,
        ] {
            let object = Fixture.repository(spec.replacing("S", with: Self.secret), name: "\(Self.secret)")
            let review = try Fixture.review(object, namespace: Self.secret)
            try expectClean(try Evaluator(Policy()).validate(review, at: Fixture.now), review)
        }
    }

    @Test func `of a wrong type is not repeated`() throws {
        let review = try Fixture.review(Fixture.repository(#""url":["https://u:\#(Self.secret)@h"]"#))
        let error = #expect(throws: ReviewError.self) {
            try Evaluator(Policy()).validate(review, at: Fixture.now)
        }
        #expect(error?.message == "spec.url must be a string")
    }
}
