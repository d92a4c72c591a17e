import Audit
import Foundation
import Policy
import TestSupport
import Testing

@testable import HTTP
@testable import Webhook

@Suite("The answer to a review")
struct VerdictTests {
    @Test(arguments: ["repository-keyless", "update-keyless"])
    func `is short when there is nothing to say`(name: String) throws {
        let desk = try Desk()
        let answer = try desk.post(Fixture.review(name))
        let verdict = try answer.verdict
        #expect(answer.status == 200 && answer.response.contentType == .json)
        #expect(
            answer.text == """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"\(verdict.uid)",\
                "allowed":true,"auditAnnotations":{"decision":"allow","policy":"0123456789abcdef"}}}
                """
        )
        #expect(try desk.record().isEmpty)
    }

    @Test(arguments: ["repository-with-pat", "repository-with-token-in-url", "update-adds-pat"])
    func `refuses with code, reason and causes`(name: String) throws {
        let answer = try Desk().post(Fixture.review(name))
        let review = try answer.review
        let status = try #require(review.response.status)
        #expect(answer.status == 200)
        #expect(review.apiVersion == "admission.k8s.io/v1" && review.kind == "AdmissionReview")
        #expect(!review.response.allowed && review.response.patch == nil && review.response.patchType == nil)
        #expect(status.code == 403 && status.reason == "Forbidden" && status.status == "Failure")
        #expect(status.message.contains("GitRepository shop/shop is refused"))
        let isToken = name.contains("token")
        #expect(status.details.causes.map(\.reason) == [isToken ? "url-credentials" : "secret-ref"])
        #expect(status.details.causes.map(\.field) == [isToken ? "spec.url" : "spec.secretRef"])
        #expect(status.details.causes.allSatisfy { $0.message.contains("Fix: ") })
        #expect(!answer.text.contains("not-a-real-token"))
    }

    @Test(
        "repeats the uid byte for byte",
        arguments: [
            #""7e77f823-376e-4875-bfb1-44f2f0fde03e""#, #""\u0041\/\"\\\n\ud83d\ude00""#, #""é😀 ""#,
            #""\u0000""#,
        ],
        ["{}", #"{"url":"https://x:p@y"}"#, #"{"url":"ssh://git@x/y"}"#]
    )
    func uid(_ uid: String, _ spec: String) throws {
        let answer = try Desk().post(Fixture.review(spec: spec, uid: uid))
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""response":{"uid":\#(uid),"allowed":"#))
        let expected = try JSONDecoder().decode(String.self, from: Data(uid.utf8))
        #expect(try answer.verdict.uid == expected)
    }

    @Test(arguments: ["service-account", "deployment"])
    func `carries a patch, and its type, for what lacks its identity`(name: String) throws {
        let desk = try Desk(Desk.identities)
        let verdict = try desk.post(Fixture.review(name), to: "/mutate").verdict
        #expect(verdict.allowed && verdict.patchType == "JSONPatch" && verdict.status == nil)
        let patch = try #require(verdict.patch)
        struct Operation: Decodable {
            let op: String
            let path: String
        }
        let operations = try JSONDecoder().decode([Operation].self, from: patch)
        #expect(!operations.isEmpty && operations.allSatisfy { $0.op == "add" })
        #expect(operations.allSatisfy { $0.path.contains("metadata") })
        // The validating webhook may never answer with one.
        let validated = try desk.post(Fixture.review(name)).verdict
        #expect(validated.allowed && validated.patch == nil && validated.patchType == nil)
    }

    @Test(arguments: ["service-account", "deployment", "repository-with-pat"])
    func `has neither patch nor type when nothing is to be changed`(name: String) throws {
        let answer = try Desk().post(Fixture.review(name), to: "/mutate")
        #expect(try answer.verdict.allowed && !answer.text.contains("patch"))
    }

    @Test func `warns in lines that the API server shows, and annotates under keys that it takes`() throws {
        let spec = #"{"url":"ssh://git@ssh.dev.azure.com/v3/a/b/c","proxySecretRef":{"name":"p"}}"#
        let verdict = try Desk().post(Fixture.review(spec: spec)).verdict
        let warnings = try #require(verdict.warnings)
        #expect(verdict.allowed && !warnings.isEmpty)
        #expect(warnings.allSatisfy { $0.utf8.count <= 120 && $0.utf8.allSatisfy { 0x20..<0x7F ~= $0 } })
        let keys = try #require(verdict.auditAnnotations).keys
        #expect(!keys.isEmpty)
        #expect(keys.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?/) != nil })
    }

    @Test func `is the same for a dry run, and says so on record`() throws {
        let desk = try Desk()
        let review = String(decoding: try Fixture.review("repository-with-pat"), as: UTF8.self)
        let dry = review.replacing(#""dryRun":false"#, with: #""dryRun":true"#)
        #expect(try desk.post(dry).text == desk.post(review).text)
        let lines = try desk.record()
        #expect(lines.map { $0.contains(#""dryRun":true"#) } == [true, false])
    }

    @Test(arguments: ["repository-with-pat", "repository-with-token-in-url", "update-adds-pat"])
    func `is on record in one line of JSON, without any secret`(name: String) throws {
        struct Line: Decodable {
            let schema, instance, chain, previous, time, type: String
            let webhook, decision, uid, operation, group, version, kind, namespace, name, user, policy: String
            let groups: [String]
            let dryRun: Bool
            let sequence: Int
            let microseconds: Int
            let findings: [[String: String]]
        }
        let desk = try Desk()
        let verdict = try desk.post(Fixture.review(name)).verdict
        let lines = try desk.record()
        #expect(lines.count == 1)
        let line = try JSONDecoder().decode(Line.self, from: Data((lines.first ?? "").utf8))
        #expect(line.schema == "patless.dev/audit/v1" && line.instance == "desk" && line.sequence == 1)
        #expect(line.group == "source.toolkit.fluxcd.io" && line.version == "v1")
        #expect(line.policy == "0123456789abcdef" && line.groups.contains { $0.hasPrefix("system:") })
        #expect(line.webhook == "validate" && line.decision == "deny" && line.uid == verdict.uid)
        #expect(line.operation == (name.hasPrefix("update") ? "UPDATE" : "CREATE"))
        #expect(line.kind == "GitRepository" && line.namespace == "shop" && line.name == "shop")
        #expect(line.user.contains("alice") || line.user.hasPrefix("system:"))
        #expect(!line.dryRun && line.microseconds >= 0)
        #expect(line.findings.count { $0["outcome"] == "deny" } == 1)
        #expect(!lines[0].contains("not-a-real-token"))
    }

    @Test func `stays one line whatever the API server's user is called`() throws {
        let desk = try Desk()
        let user = #""userInfo":{"username":"a\n{\"level\":\"x\"}\u2028\u0000\ud83d\ude00"},"#
        #expect(try desk.post(Fixture.review(spec: #"{"url":"https://a:b@c"}"#, more: user)).status == 200)
        let lines = try desk.record()
        #expect(lines.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8)) as? [String: Any]
        #expect(object?["user"] as? String == "a\n{\"level\":\"x\"}\u{2028}\0😀")
        #expect(object?["level"] == nil)
    }

    @Test func `with a patch is on record with the paths that change`() throws {
        let desk = try Desk(Desk.identities)
        _ = try desk.post(Fixture.review("service-account"), to: "/mutate")
        let lines = try desk.record()
        #expect(lines.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8)) as? [String: Any]
        #expect(object?["decision"] as? String == "patch")
        #expect((object?["patch"] as? [String])?.contains { $0.hasPrefix("/metadata/annotations") } == true)
    }

    @Test func `waits for no trail, and what the trail cannot hold is counted and told`() throws {
        let desk = try Desk()
        let review = try Fixture.review("repository-with-pat")
        for _ in 0..<4_000 {
            #expect(try desk.post(review).status == 200)
        }
        #expect(desk.recorder.dropped > 0)
        let kept = try desk.record().count
        #expect(kept + desk.trail.losses[.queueFull] == 4_000)
        _ = try desk.post(review)
        #expect(try desk.record().count == 1)
    }

    @Test func `that allows without a finding is on record only if it is asked for`() throws {
        for (recordsAllowed, expected) in [(false, 0), (true, 1)] {
            let desk = try Desk(recordsAllowed: recordsAllowed)
            _ = try desk.post(Fixture.review("repository-keyless"))
            let lines = try desk.record()
            #expect(lines.count == expected)
            #expect(lines.allSatisfy { $0.contains(#""decision":"allow""#) })
        }
    }

    @Test func `tells the API server's audit log what was found and by which policy`() throws {
        let desk = try Desk()
        let denied = try desk.post(Fixture.review("repository-with-pat")).verdict.auditAnnotations
        let policy = "0123456789abcdef"
        #expect(denied == ["decision": "deny", "policy": policy, "findings": "secret-ref=deny"])
        let allowed = try desk.post(Fixture.review("repository-keyless")).verdict.auditAnnotations
        #expect(allowed == ["decision": "allow", "policy": policy])
    }
}
