import Foundation
import JSON
import Kubernetes
import Testing

@testable import Policy

@Suite("A workload identity")
struct IdentityTests {
    private static let client = "11111111-2222-3333-4444-555555555555"
    private static let tenant = "66666666-7777-8888-9999-aaaaaaaaaaaa"

    private static func policy(_ onConflict: Identity.Conflict = .keep, tenant: String? = tenant) -> Policy {
        Fixture.policy {
            $0.identities = [
                Identity(
                    namespace: "flux-system",
                    serviceAccount: "source-controller",
                    deployment: "source-controller",
                    clientID: client,
                    tenantID: tenant,
                    onConflict: onConflict
                )
            ]
        }
    }

    private static func review(
        _ object: String,
        kind: String = "ServiceAccount",
        old: String? = nil,
        namespace: String = "flux-system",
        operation: String? = nil,
        subResource: String? = nil
    ) throws -> AdmissionReview {
        try Fixture.review(
            object,
            old: old,
            operation: operation,
            group: kind == "ServiceAccount" ? "" : "apps",
            kind: kind,
            namespace: namespace,
            subResource: subResource
        )
    }

    private static func account(_ metadata: String = "") -> String {
        #"{"metadata":{"name":"source-controller"\#(metadata)}}"#
    }

    private static func deployment(_ template: String) -> String {
        #"{"metadata":{"name":"source-controller"},"spec":{"template":{\#(template)}}}"#
    }

    private static func text(_ patch: JSONPatch) -> String {
        var bytes: [UInt8] = []
        bytes.writeJSON { patch.write(into: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The object after its patch, which must be the last that it needs.
    private func mutated(_ object: String, kind: String, _ policy: Policy) throws -> JSONValue {
        let evaluator = Evaluator(policy)
        let first = try evaluator.mutate(Self.review(object, kind: kind), at: Fixture.now)
        let patched = try PatchOracle.apply(Self.text(first.patch), to: object)
        let second = try evaluator.mutate(Self.review(patched, kind: kind), at: Fixture.now)
        #expect(second.patch.isEmpty)
        #expect(second.summary == first.summary)
        return try JSONDocument(Array(patched.utf8)).root
    }

    private static let complete = """
        ,"annotations":{"azure.workload.identity/client-id":"\(client)",\
        "azure.workload.identity/tenant-id":"\(tenant)","azure.workload.identity/use":"true"},\
        "labels":{"azure.workload.identity/use":"true"}
        """

    @Test(
        "is added to a ServiceAccount, whatever it has",
        arguments: [
            "", #","annotations":null,"labels":null"#, #","annotations":{},"labels":{}"#,
            #","annotations":{"a/b~c":"é\n"},"labels":{"x":"y"}"#,
            #","annotations":{"azure.workload.identity/client-id":"\#(client)"}"#,
            #","annotations":{"azure.workload.identity\/us\u0065":"true"}"#,
            #","annotations":{"azure.workload.identity/use":null}"#, complete,
        ]
    )
    func completes(_ metadata: String) throws {
        let metadata = try #require(
            try mutated(Self.account(metadata), kind: "ServiceAccount", Self.policy()).member("metadata")
        )
        let annotations = try #require(try metadata.member("annotations"))
        #expect(try annotations.member("azure.workload.identity/client-id")?.equals(Self.client) == true)
        #expect(try annotations.member("azure.workload.identity/tenant-id")?.equals(Self.tenant) == true)
        #expect(try annotations.member("azure.workload.identity/use")?.equals("true") == true)
        #expect(try metadata.member("labels")?.member("azure.workload.identity/use")?.equals("true") == true)
        #expect(try metadata.member("name")?.equals("source-controller") == true)
        if metadata.members.contains(where: { $0.key.equals("a/b~c") }) {
            #expect(try annotations.member("a/b~c")?.equals("é\n") == true)
        }
    }

    @Test(
        "is added to the pods of a Deployment, whatever it has",
        arguments: [
            "", #""metadata":null"#, #""metadata":{}"#, #""metadata":{"labels":null}"#,
            #""metadata":{"labels":{"app":"x"},"creationTimestamp":null}"#,
            #""metadata":{"labels":{"azure.workload.identity/use":"true"}}"#,
        ]
    )
    func labels(_ template: String) throws {
        let object = try mutated(Self.deployment(template), kind: "Deployment", Self.policy())
        let metadata = try object.member("spec")?.member("template")?.member("metadata")
        let labels = try #require(try metadata?.member("labels"))
        #expect(try labels.member("azure.workload.identity/use")?.equals("true") == true)
        #expect(try (labels.member("app") != nil) == template.contains("app"))
    }

    @Test func `asks for as many operations as there are things missing`() throws {
        let verdict = try Evaluator(Self.policy()).mutate(
            Self.review(Self.account(#","annotations":{"a":"b"}"#)),
            at: Fixture.now
        )
        #expect(
            verdict.patch.operations.map(\.path) == [
                ["metadata", "annotations", "azure.workload.identity/client-id"],
                ["metadata", "annotations", "azure.workload.identity/tenant-id"],
                ["metadata", "annotations", "azure.workload.identity/use"], ["metadata", "labels"],
            ]
        )
        #expect(verdict.decision == .patch)
    }

    @Test func `is written as base64 with its type, and only when there is something to change`() throws {
        let review = try Self.review(Self.account())
        let text = Fixture.written(try Evaluator(Self.policy()).mutate(review, at: Fixture.now), review)
        let response = try #require(try JSONDocument(Array(text.utf8)).root.member("response"))
        #expect(try response.member("patchType")?.equals("JSONPatch") == true)
        let patch = try #require(try response.member("patch")?.string)
        let data = try #require(Data(base64Encoded: patch))
        let patched = try PatchOracle.apply(String(decoding: data, as: UTF8.self), to: Self.account())
        #expect(patched.contains(Self.client))

        let whole = try Self.review(Self.account(Self.complete))
        let nothing = try Evaluator(Self.policy()).mutate(whole, at: Fixture.now)
        #expect(nothing.decision == .allow)
        #expect(!Fixture.written(nothing, whole).contains("patch"))
    }

    private static let other = "99999999-9999-9999-9999-999999999999"

    @Test(
        "that is there already and another is kept, overwritten or denied, as configured",
        arguments: [
            (.keep, ["identity-conflict=warn"], other), (.overwrite, [], client),
            (.deny, ["identity-conflict=deny"], other),
        ] as [(Identity.Conflict, [String], String)]
    )
    func conflicts(_ onConflict: Identity.Conflict, _ summary: [String], _ value: String) throws {
        let object = Self.account(Self.complete.replacing(Self.client, with: Self.other))
        let verdict = try Evaluator(Self.policy(onConflict)).mutate(Self.review(object), at: Fixture.now)
        #expect(verdict.summary == summary)
        let patched = try PatchOracle.apply(Self.text(verdict.patch), to: object)
        #expect(patched.contains(value))
        if onConflict != .deny { _ = try mutated(object, kind: "ServiceAccount", Self.policy(onConflict)) }
    }

    @Test func `of which something is kept still gets its label, and nothing when it is denied`() throws {
        let object = Self.account(#","annotations":{"azure.workload.identity/client-id":"\#(Self.other)"}"#)
        let kept = try Evaluator(Self.policy()).mutate(Self.review(object), at: Fixture.now)
        #expect(kept.patch.operations.count == 2)
        #expect(kept.decision == .warn)
        let denied = try Evaluator(Self.policy(.deny)).mutate(Self.review(object), at: Fixture.now)
        #expect(denied.patch.isEmpty)
        #expect(denied.decision == .deny)
        let existing = try Evaluator(Self.policy(.deny)).mutate(
            Self.review(object, old: object),
            at: Fixture.now
        )
        #expect(existing.judgements.map(\.disposition) == [.warned(.existing)])
        #expect(existing.patch.operations.count == 2)
    }

    @Test(
        "is never half of one and half of another",
        arguments: ["client-id", "tenant-id"],
        Identity.Conflict.allCases
    )
    func mixes(_ key: String, _ onConflict: Identity.Conflict) throws {
        let object = Self.account(
            #","annotations":{"azure.workload.identity/\#(key)":"\#(Self.other)"}"#
        )
        let policy = Fixture.policy {
            $0.identities = Self.policy(onConflict).identities
            $0.rules[.identityConflict] = Enforcement(mode: .audit)
        }
        let old = onConflict == .deny ? object : nil
        let verdict = try Evaluator(policy).mutate(Self.review(object, old: old), at: Fixture.now)
        let patched = try PatchOracle.apply(Self.text(verdict.patch), to: object)
        let annotations = try #require(
            try JSONDocument(Array(patched.utf8)).root.member("metadata")?.member("annotations")
        )
        let ids = try ["client-id", "tenant-id"].map {
            try annotations.member("azure.workload.identity/\($0)")?.string
        }
        let kept = key == "client-id" ? [Self.other, nil] : [nil, Self.other]
        #expect(ids == (onConflict == .overwrite ? [Self.client, Self.tenant] : kept))
        #expect(try annotations.member("azure.workload.identity/use")?.equals("true") == true)
    }

    @Test func `is the same in upper and in lower case`() throws {
        let object = Self.account(Self.complete.replacing(Self.tenant, with: Self.tenant.uppercased()))
        let verdict = try Evaluator(Self.policy()).mutate(Self.review(object), at: Fixture.now)
        #expect(verdict.decision == .allow)
    }

    @Test func `without a tenant leaves the tenant alone`() throws {
        let evaluator = Evaluator(Self.policy(tenant: nil))
        let verdict = try evaluator.mutate(Self.review(Self.account()), at: Fixture.now)
        #expect(!Self.text(verdict.patch).contains("tenant"))
        let whole = try evaluator.mutate(Self.review(Self.account(Self.complete)), at: Fixture.now)
        #expect(whole.decision == .allow)
    }

    @Test(
        "that is malformed is found, and not repeated",
        arguments: [
            (#"client-id":"S3CRET"#, "identity-malformed=warn"),
            (#"client-id":""#, "identity-malformed=warn"),
            (#"tenant-id":"{66666666-7777-8888-9999-aaaaaaaaaaaa}"#, "identity-malformed=warn"),
            (#"client-id":"1111111g-2222-3333-4444-555555555555"#, "identity-malformed=warn"),
            (#"service-account-token-expiration":"3599"#, "identity-malformed=warn"),
            (#"service-account-token-expiration":"86401"#, "identity-malformed=warn"),
            (#"service-account-token-expiration":"1h"#, "identity-malformed=warn"),
            (#"service-account-token-expiration":"3600"#, ""),
            (#"service-account-token-expiration":"86400"#, ""),
            (#"service-account-token-expiration":""#, ""),
        ]
    )
    func malformed(_ annotation: String, _ expected: String) throws {
        let object = Self.account(#","annotations":{"azure.workload.identity/\#(annotation)"}"#)
        let review = try Self.review(object)
        let verdict = try Evaluator(Self.policy()).mutate(review, at: Fixture.now)
        #expect(
            verdict.summary.filter { $0.hasPrefix("identity-malformed") }
                == (expected.isEmpty ? [] : [expected])
        )
        #expect(!Fixture.written(verdict, review).contains("S3CRET"))
    }

    @Test(
        "is not for other objects",
        arguments: [
            ("flux-system", #""name":"source-controller""#, nil, nil, true),
            ("flux-system", #""name":"Source-controller""#, nil, nil, false),
            ("flux-system", #""name":"source-controller2""#, nil, nil, false),
            ("flux-system", #""generateName":"source-controller""#, nil, nil, false),
            ("flux-system2", #""name":"source-controller","namespace":"flux-system""#, nil, nil, false),
            ("", #""name":"source-controller","namespace":"flux-system""#, nil, nil, true),
            ("flux-system", #""name":"source-controller""#, "DELETE", nil, false),
            ("flux-system", #""name":"source-controller""#, "CREATE", "token", false),
            ("flux-system", #""name":"source-controller","deletionTimestamp":"x""#, "UPDATE", nil, false),
        ] as [(String, String, String?, String?, Bool)]
    )
    func scope(
        _ namespace: String,
        _ metadata: String,
        _ operation: String?,
        _ part: String?,
        _ isPatched: Bool
    ) throws {
        for kind in ["ServiceAccount", "Deployment"] {
            let object = #"{"metadata":{\#(metadata)},"spec":{"template":{}}}"#
            let review = try Self.review(
                object,
                kind: kind,
                old: operation == "UPDATE" ? object : nil,
                namespace: namespace,
                operation: operation,
                subResource: part
            )
            let verdict = try Evaluator(Self.policy()).mutate(review, at: Fixture.now)
            #expect(verdict.patch.isEmpty != isPatched)
            #expect(verdict.isAllowed)
        }
        let none = try Evaluator(Policy()).mutate(Self.review(Self.account()), at: Fixture.now)
        #expect(none.decision == .allow)
    }

    @Test(
        "loses to credentials in the controller's environment, which are found",
        arguments: [
            (#"{"name":"AZURE_CLIENT_SECRET","value":"S3CRET"}"#, true),
            (#"{"name":"AZURE_PASSWORD","valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}}"#, true),
            (#"{"name":"AZURE_CLIENT_CERTIFICATE_PATH","value":"/S3CRET"}"#, true),
            (#"{"name":"AZURE_CLIENT_SECRET","value":""}"#, false),
            (#"{"name":"AZURE_CLIENT_SECRET"}"#, false),
            (#"{"name":"AZURE_CLIENT_SECRET","valueFrom":null}"#, false),
            (#"{"name":"AZURE_CLIENT_ID","value":"x"}"#, false),
        ]
    )
    func environment(_ variable: String, _ isFound: Bool) throws {
        for list in ["containers", "initContainers"] {
            let object = Self.deployment(
                #""metadata":{},"spec":{"\#(list)":[{"name":"a"},{"env":[{"name":"X","value":"y"},\#(variable)]}]}"#
            )
            let review = try Self.review(object, kind: "Deployment")
            let verdict = try Evaluator(Self.policy()).mutate(review, at: Fixture.now)
            #expect(verdict.summary == (isFound ? ["controller-credential=warn"] : []))
            #expect(
                verdict.judgements.map(\.finding.field)
                    == (isFound ? ["spec.template.spec.\(list)[1].env[1]"] : [])
            )
            #expect(!Fixture.written(verdict, review).contains("S3CRET"))
            #expect(!verdict.patch.isEmpty)
        }
    }

    @Test func `loses to any number of credentials, of which a few are told`() throws {
        let variables = repeatElement(#"{"name":"AZURE_PASSWORD","value":"x"}"#, count: 1_000)
        let object = Self.deployment(
            #""spec":{"containers":[{"name":"a","env":[\#(variables.joined(separator: ","))]}]}"#
        )
        for mode in [Mode.deny, .warn, .audit] {
            var policy = Self.policy()
            policy.rules[.controllerCredential] = Enforcement(mode: mode)
            let review = try Self.review(object, kind: "Deployment")
            let verdict = try Evaluator(policy).mutate(review, at: Fixture.now)
            #expect(verdict.judgements.count == 1_000)
            let response = verdict.response(to: review)
            #expect(Set(response.warnings).count == (mode == .warn ? 17 : 0))
            #expect(response.warnings.last.map { $0.hasSuffix(": 984 more findings.") } ?? (mode != .warn))
            #expect(response.denial.map { $0.message.contains("and 984 more") } ?? (mode != .deny))
            #expect(Fixture.written(verdict, review).utf8.count < 16_384)
        }
    }

    @Test(
        "loses to another credential than before, when its place or its source is another",
        arguments: [
            (#"{"name":"a","env":[<V>]}"#, #"{"name":"a","env":[{"name":"X","value":"y"},<V>]}"#, true),
            (#"{"name":"a","env":[<V>]}"#, #"{"name":"b"},{"name":"a","image":"x","env":[<V>]}"#, true),
            (#"{"name":"a","env":[<V>]}"#, #"{"name":"a"},{"name":"b","env":[<V>]}"#, false),
            (#"{"name":"a","env":[<V>]}"#, #"{"name":"a","env":[<V>]},{"name":"b","env":[<V>]}"#, false),
            (#"{"name":"a","env":[<V>]}"#, #"{"name":"a","env":[<W>]}"#, false),
            (#"{"env":[<V>]}"#, #"{"env":[<V>]}"#, true), (#"{"env":[<V>]}"#, #"{},{"env":[<V>]}"#, false),
        ]
    )
    func existing(_ old: String, _ new: String, _ isSame: Bool) throws {
        var policy = Self.policy()
        policy.rules[.controllerCredential] = Enforcement(mode: .deny)
        let one = #"{"name":"AZURE_PASSWORD","valueFrom":<S>}"#
        for (source, other) in [
            (#"{"secretKeyRef":{"name":"a","key":"b"}}"#, #"{"secretKeyRef":{"name":"c","key":"b"}}"#),
            (#"{"secretKeyRef":{"name":"a","key":"b"}}"#, #"{"secretKeyRef":{"name":"a","key":"c"}}"#),
            (#"{"secretKeyRef":{"name":"a","key":"b"}}"#, #"{"configMapKeyRef":{"name":"a","key":"b"}}"#),
            (#"{"fieldRef":{"fieldPath":"a"}}"#, #"{"fieldRef":{"fieldPath":"b"}}"#),
        ] {
            let objects = [old, new].map { containers in
                Self.deployment(#""spec":{"containers":[\#(containers)]}"#)
                    .replacing("<V>", with: one.replacing("<S>", with: source))
                    .replacing("<W>", with: one.replacing("<S>", with: other))
            }
            let review = try Self.review(objects[1], kind: "Deployment", old: objects[0])
            let verdict = try Evaluator(policy).mutate(review, at: Fixture.now)
            #expect(verdict.isAllowed == isSame)
        }
    }

    @Test(
        "cannot be given to an object that cannot be read",
        arguments: [
            ("ServiceAccount", #"{"metadata":{"name":"source-controller","annotations":[]}}"#),
            (
                "ServiceAccount",
                #"{"metadata":{"name":"source-controller","labels":{"azure.workload.identity/use":true}}}"#
            ),
            ("ServiceAccount", #"{"metadata":{"name":"source-controller"},"metadata":{}}"#),
            ("Deployment", #"{"metadata":{"name":"source-controller"}}"#),
            ("Deployment", #"{"metadata":{"name":"source-controller"},"spec":{"template":[]}}"#),
            (
                "Deployment",
                #"{"metadata":{"name":"source-controller"},"spec":{"template":{"spec":{"containers":[{"env":{}}]}}}}"#
            ),
        ]
    )
    func refuses(_ kind: String, _ object: String) throws {
        let review = try Self.review(object, kind: kind)
        #expect(throws: ReviewError.self) { try Evaluator(Self.policy()).mutate(review, at: Fixture.now) }
    }
}
