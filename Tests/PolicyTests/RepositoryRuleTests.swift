import Kubernetes
import Policy
import Testing

@Suite("A GitRepository")
struct RepositoryRuleTests {
    private static let azureURL = #""url":"https://dev.azure.com/contoso/platform/_git/fleet""#

    @Test(
        "is judged by what is in its spec",
        arguments: [
            // What nobody minds.
            (#""url":"https://github.com/stefanprodan/podinfo""#, []),
            (#"\#(azureURL),"provider":"azure""#, []),
            (#"\#(azureURL),"provider":"azure","serviceAccountName":"tenant""#, []),
            (#""url":"https://contoso.visualstudio.com/p/_git/r","provider":"azure""#, []),
            (#""url":"https://contoso@dev.azure.com/contoso/p/_git/r","provider":"azure""#, []),
            (#""url":"https://CONTOSO@dev.azure.com/contoso/p/_git/r","provider":"azure""#, []),
            (#""url":"https://contoso@contoso.visualstudio.com/p/_git/r","provider":"azure""#, []),
            (#""url":"https://git@github.com/a/b""#, []),
            (#""url":"https://github.com/a/b?ref=main&path=x&user=me&client_id=7""#, []),
            (#""url":"https://github.com/a/b","secretRef":null,"proxySecretRef":null,"provider":null"#, []),
            (#""url":"https://github.com/a/b","verify":{"mode":"HEAD","secretRef":{"name":"keys"}}"#, []),
            (#""url":"https://git-codecommit.<region>.amazonaws.com/v1/repos/x","provider":"aws""#, []),
            (#""url":"https://github.com/a/b","recurseSubmodules":true"#, []),
            // secret-ref
            (#""url":"https://github.com/a/b","secretRef":{"name":"pat"}"#, ["secret-ref=deny"]),
            (#""url":"https://github.com/a/b","secretRef":{}"#, ["secret-ref=deny"]),
            (#""url":"https://github.com/a/b","secretRef":{"name":""}"#, ["secret-ref=deny"]),
            (#"\#(azureURL),"provider":"azure","secretRef":{"name":"pat"}"#, ["secret-ref=deny"]),
            (#"\#(azureURL),"secretRef":{"name":"pat"}"#, ["secret-ref=deny"]),
            (#""url":"ssh://git@github.com/a/b","secretRef":{"name":"key"}"#, ["secret-ref=deny"]),
            (#""url":"REPO/app","secretRef":{"name":"x"}"#, ["secret-ref=deny"]),
            (
                #""url":"https://gitlab.com/a/b","provider":"gitlab","secretRef":{"name":"x"}"#,
                ["secret-ref=deny"]
            ),
            (#""url":"https://a/b","provider":"GitHub","secretRef":{"name":"x"}"#, ["secret-ref=deny"]),
            // github-app-key
            (
                #""url":"https://github.com/a/b","provider":"github","secretRef":{"name":"app"}"#,
                ["github-app-key=deny"]
            ),
            (#""url":"https://github.com/a/b","provider":"github""#, []),
            // url-credentials
            (#""url":"https://user:pw@github.com/a/b""#, ["url-credentials=deny"]),
            (#""url":"https://:pw@github.com/a/b""#, ["url-credentials=deny"]),
            (#""url":"https://ghp_token@github.com/a/b""#, ["url-credentials=deny"]),
            (#""url":"http://user@github.com/a/b""#, ["url-credentials=deny"]),
            (#""url":"https://GIT@github.com/a/b""#, ["url-credentials=deny"]),
            (
                #""url":"https://a@a.b.visualstudio.com/p/_git/r","provider":"azure""#,
                ["url-credentials=deny"]
            ),
            (#""url":"https://github.com@github.com/a/b""#, ["url-credentials=deny"]),
            (#""url":"https://contoso@evil.com/contoso/b""#, ["url-credentials=deny"]),
            (#""url":"https://github.com/a/b?access_token=x""#, ["url-credentials=deny"]),
            (#""url":"https://github.com/a/b?x=1&ACCESS%5FToken=x""#, ["url-credentials=deny"]),
            (#""url":"https://github.com/a/b?a=1;sig=x""#, ["url-credentials=deny"]),
            (#""url":"https://github.com/a/b?api-key=x""#, ["url-credentials=deny"]),
            (#""url":"https://github.com/a/b?token=&sig""#, []),
            (#""url":"ssh://git:pw@github.com/a/b""#, ["url-credentials=deny", "ssh-key=warn"]),
            (#""url":"https://user:p/w@github.com/a/b""#, ["url-credentials=deny"]),
            (
                #""url":"https://user:pw@github.com/a/b","secretRef":{"name":"pat"}"#,
                ["secret-ref=deny", "url-credentials=deny"]
            ),
            (#""url":"https://bob:2468/hunter2@dev.azure.com/c/p/_git/r""#, ["url-credentials=deny"]),
            (#""url":"https://bob:/hunter2@dev.azure.com/c/p/_git/r""#, ["url-credentials=deny"]),
            (#""url":"https://bob:24?hunter2@dev.azure.com/c/p/_git/r""#, ["url-credentials=deny"]),
            (#""url":"https://git@corp.com:2468/hunter2@host/r""#, ["url-credentials=deny"]),
            (#""url":"https://h:8443/@scope/repo""#, ["url-credentials=deny"]),
            (#""url":"https://h/@scope/repo""#, []), (#""url":"https://h/a@b""#, []),
            (#""url":"https://git@h/@scope/repo""#, []), (#""url":"https://[::1]/@scope/repo""#, []),
            (#""url":"https://h/@scope/re:po""#, []), (#""url":"https://h/a?mail=a@b""#, []),
            // token-exposure
            (#""url":"https://evil.com/a/b","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"http://dev.azure.com/a/b/_git/c","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev.azure.com.evil.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev.azure.com./a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://evildev.azure.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://visualstudio.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://.visualstudio.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://a..visualstudio.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev.a\#u{017F}ure.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (
                #""url":"https://conto\#u{017F}o.visualstudio.com/a","provider":"azure""#,
                ["token-exposure=deny"]
            ),
            (#""url":"https://\#u{212A}.visualstudio.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev%2Eazure.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (
                #""url":"https://dev.azure.com\\@evil.com/a","provider":"azure""#,
                ["url-credentials=deny", "token-exposure=deny"]
            ),
            (#""url":"https://evil.com#@dev.azure.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://evil.com?@dev.azure.com/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev.azure.com:x/a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"https://dev.azure.com /a","provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"","provider":"azure""#, ["token-exposure=deny"]),
            (#""provider":"azure""#, ["token-exposure=deny"]),
            (#""url":"\u0068ttps://evil.com/a","pr\u006fvider":"azur\u0065""#, ["token-exposure=deny"]),
            (
                #""url":"ssh://git@ssh.dev.azure.com/v3/a/b/c","provider":"azure""#,
                ["token-exposure=deny", "ssh-key=warn"]
            ),
            (#""url":"HTTPS://DEV.AZURE.COM/a/b/_git/c","provider":"azure""#, []),
            (#""url":"https://dev.azure.com:443/a/b/_git/c","provider":"azure""#, []),
            // ssh-key, proxy-secret, provider-missing, submodule-token
            (#""url":"ssh://git@github.com/a/${REPO_NAME}""#, ["ssh-key=warn"]),
            (#""url":"ssh://git@github.com:myorg/podinfo""#, ["ssh-key=warn"]),
            (#""url":"https://github.com/a/b","proxySecretRef":{"name":"proxy"}"#, ["proxy-secret=warn"]),
            (azureURL, ["provider-missing=warn"]),
            (#"\#(azureURL),"provider":"generic""#, ["provider-missing=warn"]),
            (#"\#(azureURL),"provider":"azure","recurseSubmodules":true"#, ["submodule-token=warn"]),
        ] as [(String, [String])]
    )
    func judges(_ spec: String, _ expected: [String]) throws {
        let verdict = try Fixture.verdict(spec)
        #expect(verdict.summary == expected)
        #expect(verdict.isAllowed == !expected.contains { $0.hasSuffix("=deny") })
    }

    @Test func `may refer to a Secret that the policy calls a certificate authority, and to no other`() throws
    {
        let policy = Fixture.policy {
            $0.certificateAuthoritySecrets = [.init(namespace: "apps", name: "corp-ca")]
        }
        let spec = #""url":"https://git.contoso.com/a","secretRef":{"name":"NAME"}"#
        func found(_ name: String, _ namespace: String = "apps") throws -> [String] {
            let object = Fixture.repository(spec.replacing("NAME", with: name))
            return try Evaluator(policy).validate(
                Fixture.review(object, namespace: namespace),
                at: Fixture.now
            ).summary
        }
        #expect(try found("corp-ca") == [])
        #expect(try found("corp-cb") == ["secret-ref=deny"])
        #expect(try found("Corp-ca") == ["secret-ref=deny"])
        #expect(try found("") == ["secret-ref=deny"])
        #expect(try found("corp-ca", "other") == ["secret-ref=deny"])
        for scheme in ["ssh", "http", "", "git"] {
            let spec = spec.replacing("https", with: scheme).replacing("NAME", with: "corp-ca")
            #expect(try Fixture.verdict(spec, policy: policy).summary == ["secret-ref=deny"])
        }
    }

    @Test(
        "may send the token to the hosts that the policy lists",
        arguments: [
            ("git.contoso.com", true), ("GIT.contoso.com", true), ("a.example.org", true),
            ("a.b.example.org", true),
            ("example.org", false), (".example.org", false), ("xexample.org", false),
            ("dev.azure.com", false),
        ]
    )
    func trusts(_ host: String, _ isTrusted: Bool) throws {
        let policy = Fixture.policy { $0.azureDevOpsHosts = ["git.contoso.com", "*.example.org"] }
        let verdict = try Fixture.verdict(#""url":"https://\#(host)/a/b","provider":"azure""#, policy: policy)
        #expect(verdict.isAllowed == isTrusted)
    }

    @Test(
        "of any version is judged, and nothing else is",
        arguments: [
            ("source.toolkit.fluxcd.io", "v1", "GitRepository", "CREATE", nil, false),
            ("source.toolkit.fluxcd.io", "v1beta1", "GitRepository", "UPDATE", nil, false),
            ("source.toolkit.fluxcd.io", "v9", "GitRepository", "CREATE", nil, false),
            ("source.toolkit.fluxcd.io", "v1", "GitRepository", "UPDATE", "status", true),
            ("source.toolkit.fluxcd.io", "v1", "GitRepository", "DELETE", nil, true),
            ("source.toolkit.fluxcd.io", "v1", "GitRepository", "CONNECT", nil, true),
            ("source.toolkit.fluxcd.io", "v1", "OCIRepository", "CREATE", nil, true),
            ("", "v1", "GitRepository", "CREATE", nil, true),
            ("", "v1", "ServiceAccount", "CREATE", nil, true),
        ] as [(String, String, String, String, String?, Bool)]
    )
    func scope(
        _ group: String,
        _ version: String,
        _ kind: String,
        _ operation: String,
        _ part: String?,
        _ isAllowed: Bool
    ) throws {
        let object = Fixture.repository(#""url":"https://u:p@h/""#)
        let review = try Fixture.review(
            object,
            operation: operation,
            group: group,
            version: version,
            kind: kind,
            subResource: part
        )
        let verdict = try Evaluator(Policy()).validate(review, at: Fixture.now)
        #expect(verdict.isAllowed == isAllowed)
        #expect(verdict.judgements.isEmpty == isAllowed)
    }

    @Test func `under deletion may be updated; one that only says so now is not believed`() throws {
        let deleted = #","deletionTimestamp":"2026-01-01T00:00:00Z""#
        let dying = Fixture.repository(#""secretRef":{}"#, metadata: deleted)
        let living = Fixture.repository(#""secretRef":{}"#)
        let evaluator = Evaluator(Fixture.policy { $0.existing = .deny })
        func decision(_ object: String, after old: String?) throws -> Verdict.Decision {
            try evaluator.validate(Fixture.review(object, old: old), at: Fixture.now).decision
        }
        #expect(try decision(dying, after: dying) == .allow)
        #expect(try decision(dying, after: living) == .deny)
        #expect(try decision(dying, after: nil) == .deny)
        #expect(try decision(living, after: #"{"metadata":7}"#) == .deny)
    }

    @Test(
        "that cannot be read is an error, not a verdict",
        arguments: [
            #"{"spec":{"url":1}}"#, #"{"spec":{"secretRef":[]}}"#, #"{"spec":{"url":"a","url":"b"}}"#,
            #"{"spec":{"secretRef":null,"secretR\u0065f":{}}}"#, #"{"metadata":[],"spec":{}}"#,
        ]
    )
    func refuses(_ object: String) throws {
        let review = try Fixture.review(object)
        #expect(throws: ReviewError.self) { try Evaluator(Policy()).validate(review, at: Fixture.now) }
    }
}
