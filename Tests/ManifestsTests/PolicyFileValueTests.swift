import Testing

@Suite("A value in a policy file")
struct PolicyFileValueTests {
    @Test(
        "is what a rule may be set to",
        arguments: [
            ("[]", ["3:8: rules: must be a mapping, not a list"]),
            ("{secret-ref: warn}", ["3:21: rules.secret-ref: must be a mapping like {mode: deny}, not text"]),
            ("{secret-ref: {}}", ["3:21: rules.secret-ref.mode: is required"]),
            (
                "{secret-ref: {mode: dney}}",
                ["3:28: rules.secret-ref.mode: unknown mode `dney`, did you mean `deny`? There are \(modes)"]
            ),
            (
                "{secret-ref: {mode: no}}",
                ["3:28: rules.secret-ref.mode: unknown mode `no`; there are \(modes)"]
            ),
            (
                "{secret-ref: {mode: [deny]}}",
                ["3:28: rules.secret-ref.mode: must be one of \(modes), not a list"]
            ),
            (
                "{secret-ref: {mode: warn, enforceFrom: 2027-01-01}}",
                ["3:47: rules.secret-ref.enforceFrom: is for the mode deny; it would do nothing here"]
            ),
            (
                "{secret-ref: {mode: deny, enforceFrom: 2027-02-29}}",
                ["3:47: rules.secret-ref.enforceFrom: must be \(day)"]
            ),
            (
                "{secret-ref: {mode: deny, enforcefrom: 2027-01-01}}",
                ["3:34: rules.secret-ref.enforcefrom: unknown key; did you mean `enforceFrom`?"]
            ),
            (
                "{secret_ref: {mode: deny}}",
                ["3:9: rules: unknown rule `secret_ref`, did you mean `secret-ref`? There are \(ruleNames)"]
            ),
            ("{no-pats: {mode: deny}}", ["3:9: rules: unknown rule `no-pats`; there are \(ruleNames)"]),
        ]
    )
    func rule(_ rules: String, _ expected: [String]) {
        #expect(refusals(Sample.least + "rules: " + rules) == expected)
    }

    @Test(
        "is what an identity is made of",
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
                ["3:108: identities[0].onConflict: unknown value `replace`; there are keep, overwrite, deny"]
            ),
            (
                account("a", "b") + ", " + account("b", "b") + ", " + account("a", "b"),
                ["3:180: identities[2]: is for the same ServiceAccount as identities[0]"]
            ),
        ]
    )
    func identity(_ identities: String, _ expected: [String]) {
        #expect(refusals(Sample.least + "identities: [\(identities)]") == expected)
    }

    @Test(
        "that is an id is a GUID",
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
        "that is a host is nothing but a host",
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
        "is what an exemption needs",
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

    private static let ruleNames =
        "secret-ref, url-credentials, github-app-key, token-exposure, ssh-key, proxy-secret, provider-missing, "
        + "submodule-token, flux-secret, plain-secret, identity-conflict, identity-malformed, controller-credential"

    private static let modes = "deny, warn, audit, off"
    private static let day = "a day of the calendar, like 2027-03-31"
    private static let line = "one line of text that is not blank"
    private static let pattern = "a name, or a pattern of a-z, 0-9, -, . and *"
    private static let namespaceName = "a namespace's name (at most 63 of a-z, 0-9 and -; - not at an end)"
    private static let objectName =
        "an object's name (at most 253 of a-z, 0-9, - and .; - and . not at an end)"
    private static let guid = "11111111-2222-3333-4444-555555555555"

    private static func account(_ namespace: String, _ name: String) -> String {
        "{namespace: \(namespace), serviceAccount: \(name), clientId: \(guid)}"
    }
}
