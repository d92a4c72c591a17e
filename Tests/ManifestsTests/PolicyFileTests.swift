import Manifests
import Policy
import Testing

@Suite("A policy file")
struct PolicyFileTests {
    @Test func `says exactly what is written in it`() throws {
        var expected = Policy()
        expected.identities = [
            Identity(
                namespace: "flux-system",
                serviceAccount: "source-controller",
                deployment: "source-controller",
                clientID: "11111111-2222-3333-4444-555555555555",
                tenantID: "AAAAAAAA-bbbb-CCCC-dddd-eeeeeeeeeeee",
                onConflict: .overwrite
            ),
            Identity(
                namespace: "a",
                serviceAccount: "image.reflector",
                clientID: "11111111-2222-3333-4444-666666666666"
            ),
        ]
        expected.rules = [
            .secretRef: Enforcement(mode: .deny, enforceFrom: Day("2027-01-01")),
            .sshKey: Enforcement(mode: .audit),
            .proxySecret: Enforcement(mode: .off),
            .submoduleToken: Enforcement(mode: .off),
        ]
        expected.existing = .deny
        expected.azureDevOpsHosts = ["dev.azure.com", "*.visualstudio.com", "ado.contoso.com"]
        expected.certificateAuthoritySecrets = [ObjectReference(namespace: "apps", name: "corp-ca")]
        expected.exemptions = [
            Exemption(
                rules: [.secretRef, .sshKey],
                namespaces: ["legacy", "team-*"],
                names: ["*"],
                reason: "on-premises TFS",
                owner: "team-a@contoso.com",
                expires: try #require(Day("2028-02-29"))
            )
        ]
        #expect(try PolicyFile.parse(Array(Sample.full.utf8), name: "policy.yaml") == expected)
    }

    @Test func `says the defaults when it says nothing`() throws {
        #expect(try PolicyFile.parse(Array(Sample.least.utf8), name: "policy.yaml") == Policy())
    }

    @Test func `may list nothing, which is not the default`() throws {
        let text = Sample.least + "identities: []\nrules: {}\nazureDevOpsHosts: []\nexemptions: []\n"
        #expect(try PolicyFile.parse(Array(text.utf8), name: "policy.yaml").azureDevOpsHosts.isEmpty)
    }

    @Test(
        "says the same however its lines are written",
        arguments: [
            Sample.full.replacing("\n", with: "\r\n"),
            "\u{FEFF}" + Sample.full,
            "# A comment.\n---\n" + Sample.full + "...\n# Another.\n",
            "%YAML 1.2\n---\n" + Sample.full,
            Sample.full.replacing(": ", with: ":\t"),
            Sample.full.replacing("on-premises TFS", with: "  'on-premises TFS  '"),
            Sample.full.replacing("on-premises TFS", with: ">\n      on-premises\n      TFS\n"),
        ]
    )
    func sameText(_ text: String) throws {
        let policy = try PolicyFile.parse(Array(text.utf8), name: "policy.yaml")
        #expect(try policy == PolicyFile.parse(Array(Sample.full.utf8), name: "policy.yaml"))
    }

    @Test func `may say a thing once and mean it twice`() throws {
        let text =
            Sample.least + """
                exemptions:
                  - rules: &rules [ssh-key]
                    namespaces: &all ["*"]
                    names: *all
                    reason: &why r
                    owner: *why
                    expires: 2027-01-01
                  - {rules: *rules, namespaces: [b], names: [b], reason: *why, owner: o, expires: 2027-01-01}
                """
        let exemptions = try PolicyFile.parse(Array(text.utf8), name: "policy.yaml").exemptions
        #expect(exemptions.map(\.rules) == [[.sshKey], [.sshKey]])
        #expect(exemptions.map(\.reason) == ["r", "r"])
    }

    @Test func `has 1 MiB at most`() throws {
        let comment = "# " + String(repeating: "x", count: 1 << 20 - Sample.least.utf8.count - 2)
        let largest = Array((Sample.least + comment).utf8)
        #expect(try PolicyFile.parse(largest, name: "p") == Policy())

        let error = #expect(throws: PolicyFileError.self) {
            try PolicyFile.parse(largest + [0x78], name: "p")
        }
        #expect(error?.description == "p:1:1: larger than 1 MiB")
    }
}
