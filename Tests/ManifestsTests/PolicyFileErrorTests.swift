import Manifests
import Testing

@Suite("What is wrong with a policy file")
struct PolicyFileErrorTests {
    @Test(
        "is said of the file as a whole",
        arguments: [
            ("", empty),
            ("# x\n", empty),
            ("---\n", empty),
            ("null", "1:1: has no value; it must be a mapping"),
            ("- a", "1:1: must be a mapping, not a list"),
            (Sample.least + "---\n" + Sample.least, "4:1: a second document; a policy file has one"),
            (Sample.least + "kind: Policy", "3:1: the key `kind` is here again; the first is on line 2"),
            (Sample.least + "rules: {", "3:9: did not find expected node content while parsing a flow node"),
        ]
    )
    func file(_ text: String, _ expected: String) {
        #expect(refusals(text) == [expected])
    }

    @Test(
        "is said of its head",
        arguments: [
            ("kind: Policy", ["1:1: apiVersion: is required"]),
            (
                "{apiVersion: v1, kind: Policies}",
                ["1:14: apiVersion: must be patless.dev/v1alpha1", "1:24: kind: must be Policy"]
            ),
            (
                "apiversion: patless.dev/v1alpha1\nkind: Policy",
                [
                    "1:1: apiVersion: is required",
                    "1:1: apiversion: unknown key; did you mean `apiVersion`?",
                ]
            ),
            (Sample.least + "Exemption: []", ["3:1: Exemption: unknown key; did you mean `exemptions`?"]),
            (
                Sample.least + "<<: {}",
                [
                    "3:1: <<: unknown key; the keys here are apiVersion, kind, identities, rules, existing, "
                        + "azureDevOpsHosts, certificateAuthoritySecrets, exemptions, azure"
                ]
            ),
            (
                Sample.least + "existing: ignore",
                ["3:11: existing: unknown value `ignore`; there are warn, deny"]
            ),
            (Sample.least + "exemptions:\n  # none", ["3:12: exemptions: has no value; it must be a list"]),
            (Sample.least + "exemptions: !!seq []", ["3:13: exemptions: must be a list, without a tag"]),
        ]
    )
    func head(_ text: String, _ expected: [String]) {
        #expect(refusals(text) == expected)
    }

    @Test func `is said all at once, in reading order, with the file's name`() {
        let text = """
            kind: Policy
            exemptions:
              - expires: never
                rules: [secret-ref]
                namespaces: [a]
                names: [b]
                reason: r
                owner: o
            certificateAuthoritySecrets:
              - {namespace: a, name: B}
              - {namespace: a}
            apiVersion: patless.dev/v1
            """
        let error = #expect(throws: PolicyFileError.self) {
            try PolicyFile.parse(Array(text.utf8), name: "policy.yaml")
        }
        #expect(
            error?.description == """
                policy.yaml:3:14: exemptions[0].expires: must be a day of the calendar, like 2027-03-31
                policy.yaml:10:26: certificateAuthoritySecrets[0].name: must be an object's name \
                (at most 253 of a-z, 0-9, - and .; - and . not at an end)
                policy.yaml:11:5: certificateAuthoritySecrets[1].name: is required
                policy.yaml:12:13: apiVersion: must be patless.dev/v1alpha1
                """
        )
    }

    @Test func `shows a name at most, short and without what moves a cursor`() {
        let long = String(repeating: "x", count: 49)
        let text = #"{"\e[2J\u202e": 1, existing: "\r\n\L", "# + "\(long): 2}"
        let error = #expect(throws: PolicyFileError.self) {
            try PolicyFile.parse(Array(text.utf8), name: "p")
        }
        #expect(
            error?.problems.map(\.path)
                == ["apiVersion", "kind", "\u{FFFD}[2J\u{FFFD}", "existing", "\(long.dropLast())…"]
        )
        #expect(error?.problems[3].what == "unknown value `\u{FFFD}\u{FFFD}\u{FFFD}`; there are warn, deny")
    }

    @Test(
        "never shows a value",
        arguments: [
            "apiVersion: hunter2", "identities: hunter2", "identities: [{namespace: HUNTER2}]",
            "identities: [{clientId: hunter2}]", "azureDevOpsHosts: ['https://u:hunter2@h']",
            "exemptions: [{reason: [hunter2], owner: {a: hunter2}, expires: hunter2}]",
            "a: [hunter2", "a: hunter2: b",
            "a: 'hunter2", "rules: {ssh-key: hunter2}", "a: !hunter2 b", "a: @hunter2", "%hunter2\n---",
        ]
    )
    func silence(_ text: String) {
        let refusals = refusals(text).joined()
        #expect(!refusals.isEmpty && !refusals.lowercased().contains("hunter2"))
    }

    private static let empty =
        "1:1: empty; the least that a policy says is `apiVersion: patless.dev/v1alpha1` and `kind: Policy`"
}
