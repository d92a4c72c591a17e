import Kubernetes
import Policy
import Testing

@Suite("A finding")
struct EnforcementTests {
    /// A spec that breaks each rule on GitRepositories, and it only.
    private static let breaches: [(RuleName, String)] = [
        (.secretRef, #""url":"https://h/a","secretRef":{"name":"x"}"#),
        (.urlCredentials, #""url":"https://u:p@h/a""#),
        (.gitHubAppKey, #""url":"https://h/a","provider":"github","secretRef":{"name":"x"}"#),
        (.tokenExposure, #""url":"https://h/a","provider":"azure""#),
        (.sshKey, #""url":"ssh://git@h/a""#),
        (.proxySecret, #""url":"https://h/a","proxySecretRef":{"name":"x"}"#),
        (.providerMissing, #""url":"https://dev.azure.com/a/b/_git/c""#),
        (
            .submoduleToken,
            #""url":"https://dev.azure.com/a/b/_git/c","provider":"azure","recurseSubmodules":true"#
        ),
    ]

    @Test("leads to what the mode of its rule says", arguments: breaches, Mode.allCases)
    func follows(_ breach: (rule: RuleName, spec: String), _ mode: Mode) throws {
        let policy = Fixture.policy { $0.rules[breach.rule] = Enforcement(mode: mode) }
        let verdict = try Fixture.verdict(breach.spec, policy: policy)
        #expect(verdict.summary == (mode == .off ? [] : ["\(breach.rule.rawValue)=\(mode.rawValue)"]))
        let expected: [Mode: Verdict.Decision] = [.deny: .deny, .warn: .warn, .audit: .audit, .off: .allow]
        #expect(verdict.decision == expected[mode])
        let response = verdict.response(to: try Fixture.review(Fixture.repository(breach.spec)))
        #expect(response.isAllowed == (mode != .deny))
        #expect(response.warnings.count == (mode == .warn ? 1 : 0))
        #expect(response.auditAnnotations.first == .init("decision", mode == .off ? "allow" : mode.rawValue))
        #expect(response.auditAnnotations.count == (mode == .off ? 1 : 2))
        #expect(response.auditAnnotations.allSatisfy { !$0.key.contains("/") })
    }

    @Test("denies from the first second of its day in UTC", arguments: breaches)
    func waits(_ breach: (rule: RuleName, spec: String)) throws {
        let day = try #require(Day("2027-01-01"))
        #expect(day.start == 1_798_761_600)
        let policy = Fixture.policy { $0.rules[breach.rule] = Enforcement(mode: .deny, enforceFrom: day) }
        let before = try Fixture.verdict(breach.spec, policy: policy, at: day.start - 1)
        #expect(before.judgements.map(\.disposition) == [.warned(.until(day))])
        #expect(before.warnings[0].contains("refused from 2027-01-01"))
        let after = try Fixture.verdict(breach.spec, policy: policy, at: day.start)
        #expect(after.judgements.map(\.disposition) == [.denied])
    }

    @Test(
        "under an exemption is recorded, through the last second of its last day in UTC",
        arguments: breaches
    )
    func exempts(_ breach: (rule: RuleName, spec: String)) throws {
        let last = try #require(Day("2027-03-31"))
        let policy = Fixture.policy { $0.exemptions = [Self.exemption([breach.rule], expires: last)] }
        let during = try Fixture.verdict(breach.spec, policy: policy, at: last.start + 86_399)
        #expect(during.judgements.map(\.exemption?.reason) == ["on-premises"])
        #expect(during.decision == .exempt)
        let response = during.response(to: try Fixture.review(Fixture.repository(breach.spec)))
        #expect(response.isAllowed)
        #expect(response.warnings.isEmpty)
        #expect(
            response.auditAnnotations.last
                == .init("exempted", "\(breach.rule.rawValue): on-premises (team-a, until 2027-03-31)")
        )
        let after = try Fixture.verdict(breach.spec, policy: policy, at: last.start + 86_400)
        #expect(after.judgements.allSatisfy { $0.exemption == nil })
    }

    private static func exemption(
        _ rules: Set<RuleName> = [.secretRef],
        namespaces: [String] = ["*"],
        names: [String] = ["*"],
        expires: Day
    ) -> Exemption {
        Exemption(
            rules: rules,
            namespaces: namespaces,
            names: names,
            reason: "on-premises",
            owner: "team-a",
            expires: expires
        )
    }

    @Test(
        "is exempted by globs over namespace and name",
        arguments: [
            (["apps"], ["fleet"], true), (["*"], ["*"], true), (["ap*"], ["f*t"], true),
            (["x", "apps"], ["fleet"], true),
            (["apps"], ["flee"], false), (["apps"], ["Fleet"], false), (["app"], ["*"], false),
            ([], ["*"], false),
            (["*"], [], false), (["a*s*"], ["*l*e*"], true), (["a*z"], ["*"], false),
            (["**"], ["fleet*"], true),
            (["a?ps"], ["*"], false), (["apps"], [""], false),
        ] as [([String], [String], Bool)]
    )
    func matches(_ namespaces: [String], _ names: [String], _ isExempt: Bool) throws {
        let exemption = Self.exemption(namespaces: namespaces, names: names, expires: Day(number: 30_000))
        let policy = Fixture.policy { $0.exemptions = [exemption] }
        let verdict = try Fixture.verdict(#""secretRef":{}"#, policy: policy)
        #expect((verdict.decision == .exempt) == isExempt)
    }

    @Test func `of a name yet to be generated is exempted by what it will begin with`() throws {
        let long = String(repeating: "a", count: 58)
        let exemption = Self.exemption(
            names: ["pr-*", "shop", "*-x", "\(long)b*"],
            expires: Day(number: 30_000)
        )
        let evaluator = Evaluator(Fixture.policy { $0.exemptions = [exemption] })
        for (metadata, decision) in [
            (#"{"generateName":"pr-"}"#, Verdict.Decision.exempt), (#"{"generateName":"qa-"}"#, .deny),
            ("{}", .deny),
            (#"{"name":"qa-1","generateName":"pr-"}"#, .deny), (#"{"generateName":"shop"}"#, .deny),
            (#"{"name":"shop"}"#, .exempt), (#"{"generateName":"shop-x"}"#, .deny),
            (#"{"generateName":"p"}"#, .deny), (#"{"generateName":"pr-x-"}"#, .exempt),
            (#"{"generateName":"\#(long)b"}"#, .deny), (#"{"name":"\#(long)b"}"#, .exempt),
        ] {
            let review = try Fixture.review(#"{"metadata":\#(metadata),"spec":{"secretRef":{}}}"#)
            #expect(try evaluator.validate(review, at: Fixture.now).decision == decision)
        }
    }

    @Test(
        "that was there before the update is let pass with a warning, unless another is new",
        arguments: [
            // The same before and after.
            (#""secretRef":{"name":"a"}"#, #""secretRef":{"name":"a"}"#, ["secret-ref=warn"]),
            (#""url":"https://u:p@h/a""#, #""url":"https://u:p@h/b""#, ["url-credentials=warn"]),
            (
                #""url":"https://h/a","provider":"azure""#, #""url":"https://h/a","provider":"azure""#,
                ["token-exposure=warn"]
            ),
            // Other values.
            (#""secretRef":{"name":"a"}"#, #""secretRef":{"name":"b"}"#, ["secret-ref=deny"]),
            (#""url":"https://u:p@h/a""#, #""url":"https://u:q@h/a""#, ["url-credentials=deny"]),
            (#""url":"https://h/?sig=1""#, #""url":"https://h/?sig=2""#, ["url-credentials=deny"]),
            (#""url":"https://h/?sig=1&a=1""#, #""url":"https://h/?a=2&sig=1""#, ["url-credentials=warn"]),
            (
                #""url":"https://h/a","provider":"azure""#, #""url":"https://h/b","provider":"azure""#,
                ["token-exposure=deny"]
            ),
            // Another rule.
            (
                #""secretRef":{"name":"a"}"#, #""provider":"github","secretRef":{"name":"a"}"#,
                ["github-app-key=deny"]
            ),
            // One old and one new: all are listed.
            (
                #""url":"https://h/a","secretRef":{"name":"a"}"#,
                #""url":"https://u:p@h/a","secretRef":{"name":"a"}"#,
                ["secret-ref=deny", "url-credentials=deny"]
            ),
            // Fewer than before, and none before.
            (
                #""url":"https://u:p@h/a","secretRef":{"name":"a"}"#,
                #""url":"https://h/a","secretRef":{"name":"a"}"#,
                ["secret-ref=warn"]
            ),
            (#""url":"https://h/a""#, #""url":"https://h/a","secretRef":{"name":"a"}"#, ["secret-ref=deny"]),
            // What was there cannot be read.
            (#""url":7,"secretRef":{"name":"a"}"#, #""secretRef":{"name":"a"}"#, ["secret-ref=deny"]),
        ] as [(String, String, [String])]
    )
    func existed(_ old: String, _ new: String, _ expected: [String]) throws {
        #expect(try Fixture.verdict(new, old: old).summary == expected)
        let strict = try Fixture.verdict(new, old: old, policy: Fixture.policy { $0.existing = .deny })
        #expect(strict.summary == expected.map { $0.replacing("=warn", with: "=deny") })
    }

    /// Both an update and the one that undoes it, and whether the finding is the same before and after.
    @Test(
        "that was there is another when its credential is used for something else",
        arguments: [
            // Elsewhere, as somebody else, or less safely.
            (.secretRef, #""url":"https://h/a""#, #""url":"https://evil/a""#, false),
            (.secretRef, #""url":"https://h/a""#, #""url":"http://h/a""#, false),
            (.secretRef, #""url":"https://h/a""#, #""url":"ssh://git@h/a""#, false),
            (.secretRef, #""url":"https://h/a""#, #""url":"https://h:8443/a""#, false),
            (.secretRef, #""url":"https://h/a""#, #""url":"https://h:x/a""#, false),
            (.secretRef, #""url":"https://h:x/a""#, #""url":"https://h:x/b""#, false),
            (
                .secretRef, #""url":"https://dev.azure.com/a","provider":"azure""#,
                #""url":"https://dev.azure.com/a""#, false
            ),
            (
                .gitHubAppKey, #""url":"https://h/a","provider":"github""#,
                #""url":"https://i/a","provider":"github""#, false
            ),
            (.urlCredentials, #""url":"https://u:p@h/a""#, #""url":"https://u:p@i/a""#, false),
            (.urlCredentials, #""url":"https://u:p@h/a""#, #""url":"http://u:p@h/a""#, false),
            (.urlCredentials, #""url":"https://u:p@h/a""#, #""url":"https://u:p@h:444/a""#, false),
            (.urlCredentials, #""url":"https://h/?sig=1""#, #""url":"https://i/?sig=1""#, false),
            (.urlCredentials, #""url":"https://u:p@h/""#, #""url":"https://u%00p@h/""#, false),
            // The same, of another repository there, or with other settings.
            (.secretRef, #""url":"https://h/a""#, #""url":"https://h/b.git""#, true),
            (.secretRef, #""url":"https://h/a""#, #""url":"HTTPS://H:443/a","provider":"generic""#, true),
            (.secretRef, #""url":"ssh://git@h:22/a""#, #""url":"ssh://git@h/a""#, true),
            (
                .secretRef, #""url":"https://h/a","interval":"1m""#,
                #""url":"https://h/a","interval":"5m","ref":{"branch":"x"}"#, true
            ),
            (
                .gitHubAppKey, #""url":"https://h/a","provider":"github""#,
                #""url":"https://h/b","provider":"github""#, true
            ),
            (.urlCredentials, #""url":"https://u:p@h/a""#, #""url":"https://u:p@h:443/b""#, true),
            (.urlCredentials, #""url":"https://h/a?sig=1""#, #""url":"https://h/b?sig=1""#, true),
            (.proxySecret, #""url":"https://h/a""#, #""url":"https://i/a""#, true),
            (
                .submoduleToken, #""url":"https://dev.azure.com/a","provider":"azure""#,
                #""url":"https://dev.azure.com/b","provider":"azure""#, false
            ),
        ] as [(RuleName, String, String, Bool)]
    )
    func moves(_ rule: RuleName, _ one: String, _ other: String, _ isSame: Bool) throws {
        let policy = Fixture.policy { policy in
            for name in RuleName.allCases { policy.rules[name] = Enforcement(mode: .off) }
            policy.rules[rule] = Enforcement(mode: .deny)
        }
        let rest =
            [
                RuleName.secretRef: #","secretRef":{"name":"x"}"#,
                .gitHubAppKey: #","secretRef":{"name":"x"}"#,
                .proxySecret: #","proxySecretRef":{"name":"x"}"#,
                .submoduleToken: #","recurseSubmodules":true"#,
            ][rule] ?? ""
        for (old, new) in [(one, other), (other, one)] {
            let verdict = try Fixture.verdict(new + rest, old: old + rest, policy: policy)
            #expect(verdict.summary == ["\(rule.rawValue)=\(isSame ? "warn" : "deny")"])
        }
    }

    @Test(
        "that gets less is the same, and one that gets more is another",
        arguments: [
            (.urlCredentials, #""url":"https://u:p@h/a?sig=1""#, #""url":"https://u:p@h/a""#),
            (.urlCredentials, #""url":"https://h/a?sig=1&token=2""#, #""url":"https://h/a?token=2""#),
            (
                .secretRef, #""url":"https://h/a","secretRef":{"name":"x"},"recurseSubmodules":true"#,
                #""url":"https://h/a","secretRef":{"name":"x"}"#
            ),
            (
                .tokenExposure, #""url":"https://h/a","provider":"azure","recurseSubmodules":true"#,
                #""url":"https://h/a","provider":"azure""#
            ),
        ] as [(RuleName, String, String)]
    )
    func shrinks(_ rule: RuleName, _ more: String, _ less: String) throws {
        let policy = Fixture.policy { policy in
            for name in RuleName.allCases { policy.rules[name] = Enforcement(mode: .off) }
            policy.rules[rule] = Enforcement(mode: .deny)
        }
        #expect(try Fixture.verdict(less, old: more, policy: policy).summary == ["\(rule.rawValue)=warn"])
        #expect(try Fixture.verdict(more, old: less, policy: policy).summary == ["\(rule.rawValue)=deny"])
    }

    @Test func `that warns anyway does not keep an old one from being let pass`() throws {
        let verdict = try Fixture.verdict(
            #""secretRef":{"name":"a"},"proxySecretRef":{"name":"b"}"#,
            old: #""secretRef":{"name":"a"}"#
        )
        #expect(verdict.judgements.map(\.disposition) == [.warned(.existing), .warned(.mode)])
        #expect(verdict.warnings[0].contains("Was there before this update."))
    }

    private static let namings = [
        ("shop", "shop"), (String(repeating: "n", count: 63), String(repeating: "o", count: 253)),
    ]

    @Test("is warned of on one line of its own, which says whose it is", arguments: namings)
    func warns(_ namespace: String, _ name: String) throws {
        let day = try #require(Day("2027-01-01"))
        let policy = Fixture.policy { policy in
            for rule in RuleName.allCases {
                policy.rules[rule] = Enforcement(mode: .deny, enforceFrom: day)
            }
        }
        let several = #""url":"ssh://u:p@h/a","secretRef":{},"proxySecretRef":{},"provider":"azure""#
        var seen: Set<String> = []
        for spec in Self.breaches.map(\.1) + [several] {
            let review = try Fixture.review(Fixture.repository(spec, name: name), namespace: namespace)
            let verdict = try Evaluator(policy).validate(review, at: Fixture.now)
            let warnings = verdict.response(to: review).warnings
            #expect(warnings.count == verdict.judgements.count)
            #expect(Set(warnings).count == warnings.count)
            for warning in warnings {
                #expect(warning.utf8.count <= (name == "shop" ? 120 : 256))
                #expect(warning.hasPrefix(namespace.prefix(60)))
                #expect(warning.hasSuffix("Will be refused from 2027-01-01."))
            }
            seen.formUnion(warnings)
        }
        let expected = """
            shop/shop: spec.provider (provider-missing): must be azure for workload identity. Will be refused from \
            2027-01-01.
            """
        #expect(seen.contains(expected) == (name == "shop"))
    }

    @Test func `is told at no length that a manifest could choose`() throws {
        let parameters = (0..<5_000).map { ["token=a\($0)", "sig=b", "pat=c", "key=d", "code=e"][$0 % 5] }
        let query = parameters.joined(separator: "&")
        for url in [
            "https://h/a?\(query)", "https://\(String(repeating: "h", count: 50_000))/a?sig=1",
            "https://h:\(String(repeating: "0", count: 50_000))/a?sig=1",
        ] {
            let object = Fixture.repository(#""url":"\#(url)","secretRef":{"name":"x"}"#)
            let review = try Fixture.review(object)
            let verdict = try Evaluator(Policy()).validate(review, at: Fixture.now)
            #expect(verdict.summary == ["secret-ref=deny", "url-credentials=deny"])
            #expect(verdict.judgements.allSatisfy { $0.finding.message.utf8.count < 512 })
            #expect(Fixture.written(verdict, review).utf8.count < 4_096)
        }
        let told = try Fixture.verdict(#""url":"https://h/a?\#(query)""#).message
        #expect(
            told.contains(#"(the query parameters "token", "sig", "pat" and 2 more)"#)
        )
    }

    @Test func `is recorded at no length that an exemption could choose`() throws {
        let exemption = Exemption(
            rules: [.secretRef],
            namespaces: ["*"],
            names: ["*"],
            reason: String(repeating: "why ", count: 9_000),
            owner: "team-a",
            expires: Day(number: 30_000)
        )
        let review = try Fixture.review(Fixture.repository(#""secretRef":{}"#))
        let policy = Fixture.policy { $0.exemptions = [exemption] }
        let response = try Evaluator(policy).validate(review, at: Fixture.now).response(to: review)
        #expect(response.auditAnnotations.allSatisfy { $0.value.utf8.count <= 1_024 })
    }

    @Test func `is told in full`() throws {
        let verdict = try Fixture.verdict(
            #""url":"ssh://git@ssh.dev.azure.com/v3/contoso/platform/fleet","secretRef":{"name":"git-key"}"#
        )
        #expect(
            verdict.message == """
                GitRepository apps/fleet is refused:

                  spec.secretRef (secret-ref)
                    names the Secret "git-key": a static Git credential that anybody who reads the Secret can use \
                until it is revoked.
                    Fix: set spec.provider: azure and spec.url: \
                https://dev.azure.com/contoso/platform/_git/fleet, and remove spec.secretRef.

                More: patless explain secret-ref
                """
        )
        let denial = verdict.response(to: try Fixture.review("{}")).denial
        #expect(denial?.causes.map(\.reason) == ["secret-ref"])
        #expect(denial?.causes.map(\.field) == ["spec.secretRef"])
    }
}
