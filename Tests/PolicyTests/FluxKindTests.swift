import JSON
import Kubernetes
import Policy
import Testing

@Suite("Another Flux object")
struct FluxKindTests {
    private static let groups = [
        "ImageRepository": "image.toolkit.fluxcd.io", "Provider": "notification.toolkit.fluxcd.io",
        "Receiver": "notification.toolkit.fluxcd.io", "FluxInstance": "fluxcd.controlplane.io",
    ]

    private static func group(_ kind: String) -> String {
        groups[kind] ?? "source.toolkit.fluxcd.io"
    }

    private func summary(_ kind: String, _ spec: String, policy: Policy = Policy()) throws -> [String] {
        let text = """
            {"apiVersion":"\(Self.group(kind))/v1","kind":"\(kind)",\
            "metadata":{"name":"x","namespace":"apps"},"spec":{\(spec)}}
            """
        let object = try JSONDocument(Array(text.utf8)).root
        let alone = try Evaluator(policy).judge(object: object, at: Fixture.now)
        // What the webhook says of it is the same.
        let review = try Fixture.review(text, group: Self.group(kind), kind: kind)
        let asked = try Evaluator(policy).validate(review, at: Fixture.now)
        #expect(asked.summary == alone.summary && asked.message == alone.message)
        return alone.judgements.map {
            "\($0.finding.field) \($0.finding.rule.rawValue)=\($0.disposition.label)"
        }
    }

    @Test(
        "that names a stored credential is warned of",
        arguments: [
            ("OCIRepository", #""secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            // The Secret wins over the provider.
            (
                "OCIRepository", #""provider":"azure","secretRef":{"name":"s"}"#,
                "spec.secretRef flux-secret=warn"
            ),
            ("OCIRepository", #""proxySecretRef":{"name":"s"}"#, "spec.proxySecretRef proxy-secret=warn"),
            ("HelmRepository", #""secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            (
                "HelmRepository", #""type":"oci","provider":"azure","secretRef":{"name":"s"}"#,
                "spec.secretRef flux-secret=warn"
            ),
            ("Bucket", #""provider":"azure","secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            ("Bucket", #""sts":{"secretRef":{"name":"s"}}"#, "spec.sts.secretRef flux-secret=warn"),
            ("ImageRepository", #""secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            (
                "ImageRepository", #""provider":"generic","secretRef":{"name":"s"}"#,
                "spec.secretRef flux-secret=warn"
            ),
            ("Provider", #""type":"github","secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            (
                "Provider", #""type":"azuredevops","secretRef":{"name":"s"}"#,
                "spec.secretRef flux-secret=warn"
            ),
            ("Receiver", #""type":"github","secretRef":{"name":"s"}"#, "spec.secretRef flux-secret=warn"),
            ("FluxInstance", #""sync":{"pullSecret":"s"}"#, "spec.sync.pullSecret flux-secret=warn"),
            (
                "FluxInstance", #""distribution":{"artifactPullSecret":"s"}"#,
                "spec.distribution.artifactPullSecret flux-secret=warn"
            ),
        ]
    )
    func finds(_ kind: String, _ spec: String, _ expected: String) throws {
        #expect(try summary(kind, spec) == [expected])
    }

    @Test(
        "that needs none, or has none that its controller reads, is not",
        arguments: [
            ("OCIRepository", #""provider":"azure","certSecretRef":{"name":"ca"}"#),
            ("OCIRepository", #""verify":{"provider":"cosign","secretRef":{"name":"keys"}}"#),
            ("OCIRepository", #""secretRef":null"#),
            ("ImageRepository", #""provider":"azure","secretRef":{"name":"s"}"#),
            ("Provider", #""type":"slack","secretRef":{"name":"s"}"#), ("Provider", #""type":"azuredevops""#),
            ("Receiver", #""type":"generic-oidc","secretRef":{"name":"s"}"#),
            ("FluxInstance", #""sync":{"provider":"azure"}"#), ("HelmChart", #""secretRef":{"name":"s"}"#),
            ("Bucket", #""provider":"azure""#),
        ]
    )
    func passes(_ kind: String, _ spec: String) throws {
        #expect(try summary(kind, spec).isEmpty)
    }

    @Test func `follows the policy: modes, exemptions, and Secrets that only hold an authority`() throws {
        let spec = #""secretRef":{"name":"s"}"#
        let denied = Fixture.policy { $0.rules[.fluxSecret] = Enforcement(mode: .deny) }
        #expect(try summary("OCIRepository", spec, policy: denied) == ["spec.secretRef flux-secret=deny"])
        let listed = Fixture.policy {
            $0.certificateAuthoritySecrets = [ObjectReference(namespace: "apps", name: "s")]
        }
        #expect(try summary("OCIRepository", spec, policy: listed).isEmpty)
        let exempt = Fixture.policy {
            $0.exemptions = [
                Exemption(
                    rules: [.fluxSecret],
                    namespaces: ["apps"],
                    names: ["*"],
                    reason: "later",
                    owner: "team-a",
                    expires: Day(number: 30_000)
                )
            ]
        }
        #expect(try summary("OCIRepository", spec, policy: exempt) == ["spec.secretRef flux-secret=exempt"])
    }

    @Test func `that had its credential before is not denied for it, unless it is sent elsewhere`() throws {
        let policy = Fixture.policy { $0.rules[.fluxSecret] = Enforcement(mode: .deny) }
        func decide(_ old: String, _ new: String) throws -> Verdict.Decision {
            func object(_ url: String) -> String {
                #"{"metadata":{"name":"x"},"spec":{"secretRef":{"name":"s"},"url":"\#(url)"}}"#
            }
            let review = try Fixture.review(object(new), old: object(old), kind: "OCIRepository")
            return try Evaluator(policy).validate(review, at: Fixture.now).decision
        }
        #expect(try decide("oci://a/b", "oci://a/b") == .warn)
        #expect(try decide("oci://a/b", "oci://evil/b") == .deny)
    }

    @Test(
        "that goes elsewhere, as somebody else or in clear is denied under any of the keys that say so",
        arguments: [
            (
                "Bucket", #""sts":{"endpoint":"https://a","secretRef":{"name":"s"}}"#,
                #""sts":{"endpoint":"https://b","secretRef":{"name":"s"}}"#
            ),
            (
                "FluxInstance", #""distribution":{"registry":"a","artifactPullSecret":"s"}"#,
                #""distribution":{"registry":"b","artifactPullSecret":"s"}"#
            ),
            (
                "FluxInstance", #""distribution":{"artifact":"oci://a","artifactPullSecret":"s"}"#,
                #""distribution":{"artifact":"oci://b","artifactPullSecret":"s"}"#
            ),
            (
                "OCIRepository", #""url":"oci://a","secretRef":{"name":"s"}"#,
                #""url":"oci://a","secretRef":{"name":"s"},"insecure":true"#
            ),
            (
                "HelmRepository", #""url":"https://a","secretRef":{"name":"s"}"#,
                #""url":"https://a","secretRef":{"name":"s"},"passCredentials":true"#
            ),
        ]
    )
    func moves(_ kind: String, _ old: String, _ new: String) throws {
        let policy = Fixture.policy { $0.rules[.fluxSecret] = Enforcement(mode: .deny) }
        func decide(_ old: String, _ new: String) throws -> Verdict.Decision {
            let texts = [old, new].map { #"{"metadata":{"name":"x"},"spec":{\#($0)}}"# }
            let review = try Fixture.review(texts[1], old: texts[0], group: Self.group(kind), kind: kind)
            return try Evaluator(policy).validate(review, at: Fixture.now).decision
        }
        #expect(try decide(old, old) == .warn)
        #expect(try decide(old, new) == .deny)
    }

    @Test func `of the wrong shape is refused as Kubernetes would`() throws {
        let text = #"{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"Bucket","spec":{"secretRef":"s"}}"#
        let object = try JSONDocument(Array(text.utf8)).root
        #expect(throws: ReviewError.self) { try Evaluator(Policy()).judge(object: object, at: Fixture.now) }
    }
}
