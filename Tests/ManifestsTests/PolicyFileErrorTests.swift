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
                [
                    "1:14: apiVersion: must be patless.dev/v1alpha1", "1:24: kind: must be Policy",
                ]
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
                        + "azureDevOpsHosts, certificateAuthoritySecrets, exemptions"
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

    @Test(
        "is said of a rule",
        arguments: [
            ("[]", ["3:8: rules: must be a mapping, not a list"]),
            ("{secret-ref: warn}", ["3:21: rules.secret-ref: must be a mapping like {mode: deny}, not text"]),
            ("{secret-ref: {}}", ["3:21: rules.secret-ref.mode: is required"]),
            (
                "{secret-ref: {mode: dney}}",
                [
                    "3:28: rules.secret-ref.mode: unknown mode `dney`, did you mean `deny`? There are \(modes)"
                ]
            ),
            (
                "{secret-ref: {mode: no}}",
                [
                    "3:28: rules.secret-ref.mode: unknown mode `no`; there are \(modes)"
                ]
            ),
            (
                "{secret-ref: {mode: [deny]}}",
                ["3:28: rules.secret-ref.mode: must be one of \(modes), not a list"]
            ),
            (
                "{secret-ref: {mode: warn, enforceFrom: 2027-01-01}}",
                [
                    "3:47: rules.secret-ref.enforceFrom: is for the mode deny; it would do nothing here"
                ]
            ),
            (
                "{secret-ref: {mode: deny, enforceFrom: 2027-02-29}}",
                [
                    "3:47: rules.secret-ref.enforceFrom: must be \(day)"
                ]
            ),
            (
                "{secret-ref: {mode: deny, enforcefrom: 2027-01-01}}",
                [
                    "3:34: rules.secret-ref.enforcefrom: unknown key; did you mean `enforceFrom`?"
                ]
            ),
            (
                "{secret_ref: {mode: deny}}",
                [
                    "3:9: rules: unknown rule `secret_ref`, did you mean `secret-ref`? There are \(ruleNames)"
                ]
            ),
            ("{no-pats: {mode: deny}}", ["3:9: rules: unknown rule `no-pats`; there are \(ruleNames)"]),
        ]
    )
    func rule(_ rules: String, _ expected: [String]) {
        #expect(refusals(Sample.least + "rules: " + rules) == expected)
    }

    @Test(
        "is said of an identity",
        arguments: [
            (
                "{}",
                [
                    "3:14: identities[0].namespace: is required",
                    "3:14: identities[0].serviceAccount: is required",
                    "3:14: identities[0].clientId: is required",
                ]
            ),
            (
                "{namespace: a.b, serviceAccount: A, clientId: \(guid)}",
                [
                    "3:26: identities[0].namespace: must be \(namespaceName)",
                    "3:47: identities[0].serviceAccount: must be \(objectName)",
                ]
            ),
            (
                "{namespace: a, serviceAccount: b, clientId: \(guid), onConflict: replace}",
                [
                    "3:108: identities[0].onConflict: unknown value `replace`; there are keep, overwrite, deny"
                ]
            ),
            (
                account("a", "b") + ", " + account("b", "b") + ", " + account("a", "b"),
                [
                    "3:180: identities[2]: is for the same ServiceAccount as identities[0]"
                ]
            ),
        ]
    )
    func identity(_ identities: String, _ expected: [String]) {
        #expect(refusals(Sample.least + "identities: [\(identities)]") == expected)
    }

    @Test(
        "is that an id is no GUID",
        arguments: [
            "00000000-0000-0000-0000-000000000000", "11111111222233334444555555555555",
            "{11111111-2222-3333-4444-555555555555}", "11111111-2222-3333-4444-55555555555g", "''",
            "11111111-2222-3333-4444-5555555555555", "１1111111-2222-3333-4444-555555555555",
            "11111111-2222-3333-4444-555555555555-",
            "1111111-12222-3333-4444-555555555555",
        ]
    )
    func noGUID(_ text: String) {
        let id = text.hasPrefix("'") ? text : "'\(text)'"
        let what = "must be a GUID (8-4-4-4-12 hexadecimal digits), and not all zeros"
        let identity = "{namespace: a, serviceAccount: b, tenantId: \(Self.guid), clientId: \(id)}"
        #expect(
            refusals(Sample.least + "identities: [\(identity)]") == ["3:106: identities[0].clientId: \(what)"]
        )
    }

    @Test(
        "is that a host is none",
        arguments: [
            "https://dev.azure.com", "dev.azure.com:443", "dev.azure.com/acme", "DEV.azure.com",
            "dev.azure.com.",
            "*", "*.", "a.*.com", "*a.com", "**.com", ".com", "a..com", "-a.com", "a-.com", "a_b.com",
            "dév.com", "",
            String(repeating: "a", count: 64) + ".com", " a.com", "u@a.com",
        ]
    )
    func noHost(_ host: String) {
        let what =
            "a host like dev.azure.com or *.visualstudio.com, in lower case, without scheme, port or path"
        let refusals = refusals(Sample.least + "azureDevOpsHosts: [a.com, '\(host)']")
        #expect(refusals == ["3:27: azureDevOpsHosts[1]: must be \(what)"])
    }

    @Test(
        "is said of an exemption",
        arguments: [
            (
                "{}",
                [
                    "3:14: exemptions[0].rules: is required",
                    "3:14: exemptions[0].namespaces: is required",
                    "3:14: exemptions[0].names: is required",
                    "3:14: exemptions[0].reason: is required",
                    "3:14: exemptions[0].owner: is required",
                    "3:14: exemptions[0].expires: is required",
                ]
            ),
            (
                "{rules: [], namespaces: [], names: [], reason: r, owner: o, expires: 2027-01-01}",
                [
                    "3:22: exemptions[0].rules: must not be empty",
                    "3:38: exemptions[0].namespaces: must not be empty",
                    "3:49: exemptions[0].names: must not be empty",
                ]
            ),
            (
                "{rules: ssh-key, namespaces: a, names: {}, reason: [], owner: {}, expires: []}",
                [
                    "3:22: exemptions[0].rules: must be a list, not text",
                    "3:43: exemptions[0].namespaces: must be a list, not text",
                    "3:53: exemptions[0].names: must be a list, not a mapping",
                    "3:65: exemptions[0].reason: must be \(line), not a list",
                    "3:76: exemptions[0].owner: must be \(line), not a mapping",
                    "3:89: exemptions[0].expires: must be \(day), not a list",
                ]
            ),
            (
                "{rules: [ssh], namespaces: ['?'], names: [A], reason: ' ', owner: , expires: 2027-1-1}",
                [
                    "3:23: exemptions[0].rules[0]: unknown rule `ssh`; there are \(ruleNames)",
                    "3:42: exemptions[0].namespaces[0]: must be \(pattern)",
                    "3:56: exemptions[0].names[0]: must be \(pattern)",
                    "3:68: exemptions[0].reason: must be \(line)",
                    "3:80: exemptions[0].owner: has no value; it must be \(line)",
                    "3:91: exemptions[0].expires: must be \(day)",
                ]
            ),
            (
                #"{rules: [ssh-key], namespaces: [a], names: [a], reason: "a\nb", owner: "\e", expires: "2027-04-31"}"#,
                [
                    "3:70: exemptions[0].reason: must be \(line)",
                    "3:85: exemptions[0].owner: must be \(line)",
                    "3:100: exemptions[0].expires: must be \(day)",
                ]
            ),
        ]
    )
    func exemption(_ exemption: String, _ expected: [String]) {
        #expect(refusals(Sample.least + "exemptions: [\(exemption)]") == expected)
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

    private static let ruleNames =
        "secret-ref, url-credentials, github-app-key, token-exposure, ssh-key, proxy-secret, provider-missing, "
        + "submodule-token, identity-conflict, identity-malformed, controller-credential"

    private static let modes = "deny, warn, audit, off"
    private static let day = "a day of the calendar, like 2027-03-31"
    private static let line = "one line of text that is not blank"
    private static let pattern = "a name, or a pattern of a-z, 0-9, -, . and *"
    private static let namespaceName = "a namespace's name (at most 63 of a-z, 0-9 and -; - not at an end)"
    private static let objectName =
        "an object's name (at most 253 of a-z, 0-9, - and .; - and . not at an end)"
    private static let empty =
        "1:1: empty; the least that a policy says is `apiVersion: patless.dev/v1alpha1` and `kind: Policy`"

    private static let guid = "11111111-2222-3333-4444-555555555555"

    private static func account(_ namespace: String, _ name: String) -> String {
        "{namespace: \(namespace), serviceAccount: \(name), clientId: \(guid)}"
    }

    /// The lines of the error, without the file's name; empty when there is none.
    private func refusals(_ text: String) -> [String] {
        do throws(PolicyFileError) {
            _ = try PolicyFile.parse(Array(text.utf8), name: "p")
            return []
        } catch {
            return error.description.split(separator: "\n").map { String($0.dropFirst(2)) }
        }
    }
}
