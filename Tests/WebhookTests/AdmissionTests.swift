import Foundation
import HTTP
import Policy
import TestSupport
import Testing

@testable import Webhook

@Suite("A request to a webhook")
struct AdmissionTests {
    private static let body = #"{"a":1}"#

    @Test(
        "that is none is answered with what to do instead",
        arguments: [
            ("GET /validate", "", 405, "validate takes an AdmissionReview by POST\n"),
            ("HEAD /mutate", "", 405, "mutate takes an AdmissionReview by POST\n"),
            (
                "PUT /validate", "Content-Type: application/json\r\n", 405,
                "validate takes an AdmissionReview by POST\n"
            ),
            ("post /validate", "", 405, "validate takes an AdmissionReview by POST\n"),
            ("POST /", "", 404, "there is /validate and /mutate here\n"),
            ("POST /validate/", "", 404, "there is /validate and /mutate here\n"),
            ("POST /Validate", "", 404, "there is /validate and /mutate here\n"),
            ("POST /%76alidate", "", 404, "there is /validate and /mutate here\n"),
            ("POST /validate%3Ftimeout=3s", "", 404, "there is /validate and /mutate here\n"),
            ("GET /metrics", "", 404, "there is /validate and /mutate here\n"),
            ("POST /validate", "", 415, "an AdmissionReview has Content-Type: application/json\n"),
            ("POST /validate", "Content-Type: text/plain\r\n", 415, nil),
            ("POST /validate", "Content-Type: application/jsonp\r\n", 415, nil),
            ("POST /validate", "Content-Type: application/yaml\r\n", 415, nil),
            ("POST /mutate", "Content-Type: application/x-www-form-urlencoded\r\n", 415, nil),
        ] as [(String, String, Int, String?)]
    )
    func noRequest(_ line: String, _ fields: String, _ status: Int, _ reason: String?) throws {
        let desk = try Desk()
        let answer = try desk.ask(Array("\(line) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n".utf8))
        #expect(answer.status == status && answer.response.contentType == .text && !answer.isVerdict)
        #expect(reason == nil || answer.text == reason)
        #expect(answer.response.allow.map { "\($0)" } == (status == 405 ? "POST" : nil))
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
        "Application/JSON",
        "application/json ; q=1",
    ])
    func `may say of its content type what it likes, so long as it is JSON`(type: String) throws {
        #expect(try Desk().post(Fixture.review("repository-keyless"), type: type).status == 200)
    }

    @Test(
        "whose body is no review gets a reason and never a verdict",
        arguments: ["/validate", "/mutate"],
        [
            ("", "JSON, byte 0"), ("null", "must be an object"), ("[]", "must be an object"),
            ("\"AdmissionReview\"", "must be an object"), ("{}", "kind must be AdmissionReview"),
            ("{", "JSON, byte 1"), ("{}{}", "JSON, byte 2"), ("\u{FEFF}{}", "JSON, byte 0"),
            (String(repeating: "[", count: 1_000_000), "nested deeper than"),
            (String(repeating: #"{"a":"#, count: 200_000), "nested deeper than"),
            (#"{"kind":"Review","apiVersion":"admission.k8s.io/v1"}"#, "kind must be AdmissionReview"),
            (#"{"kind":1,"apiVersion":"admission.k8s.io/v1"}"#, "kind must be a string"),
            (#"{"kind":"AdmissionReview"}"#, "apiVersion is missing"),
            (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#, "request is missing"),
            (
                #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":[]}"#,
                "request must be an object"
            ),
            (
                #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{}}"#,
                "request.uid is missing"
            ),
            (Fixture.review(spec: "{}", uid: "7"), "request.uid must be a string"),
            (Fixture.review(spec: "{}", uid: "null"), "request.uid is missing"),
            (Fixture.review(spec: "{}", uid: #""""#), "request.uid is missing"),
            (Fixture.review(spec: "{}", more: #""operation":"CREATE","#), #"the key "operation" twice"#),
            (Fixture.review(spec: "{}", more: #""\u006fbject":{},"#), #"the key "object" twice"#),
            (Fixture.review(spec: "{}", more: #""dryRun":"no","#), "request.dryRun must be true or false"),
            (Fixture.review(spec: "{}", more: #""oldObject":[],"#), "request.oldObject must be an object"),
            (
                Fixture.review(spec: "{}").replacing("CREATE", with: "create"),
                "request.operation must be CREATE, UPDATE, DELETE or CONNECT"
            ),
            (Fixture.review(spec: "{}").replacing(#""object""#, with: #""o""#), "request.object is missing"),
            (Fixture.review(spec: #"{"url":"\ud800"}"#), "JSON, byte"),
            (Fixture.review(spec: #"{"url":01}"#), "JSON, byte"),
            (Fixture.review(spec: "{'url':1}"), "JSON, byte"),
        ]
    )
    func noReview(_ path: String, _ case: (body: String, reason: String)) throws {
        let desk = try Desk()
        let answer = try desk.post(`case`.body, to: path)
        #expect(answer.status == 400 && answer.response.contentType == .text && !answer.isVerdict)
        #expect(answer.text.contains(`case`.reason) && answer.text.hasSuffix("\n"))
        #expect(try desk.record().isEmpty)
        #expect(!desk.page.contains("patless_admission_requests_total{"))
    }

    @Test(
        "about a GitRepository that is none gets a reason and never a verdict",
        arguments: [
            "[]", "7", #"{"url":7}"#, #"{"url":["https://x"]}"#, #"{"url":"https://x","secretRef":"pat"}"#,
            #"{"url":"https://x","secretRef":{"name":7}}"#, #"{"url":"https://x","provider":true}"#,
            #"{"url":"https://x","url":"https://y"}"#, #"{"url":"https://x","secretRef":{},"secretRef":{}}"#,
            #"{"url":"https://x","secretRef":{"name":"a","name":"b"}}"#,
            #"{"url":"https://x","recurseSubmodules":"true"}"#, #"{"url":"https://x","proxySecretRef":[]}"#,
        ]
    )
    func noRepository(_ spec: String) throws {
        let answer = try Desk().post(Fixture.review(spec: spec))
        #expect(answer.status == 400 && !answer.isVerdict)
        #expect(answer.text.contains("spec") || answer.text.hasSuffix(" twice\n"))
    }

    @Test(arguments: ["/validate", "/mutate"])
    func `whose body breaks off anywhere gets a reason and never a verdict`(path: String) throws {
        let desk = try Desk()
        let review = try Fixture.review("repository-with-pat")
        for length in review.indices where !review[length...].allSatisfy({ $0 == 0x0A }) {
            let answer = try desk.post(Array(review[..<length]), to: path)
            #expect(answer.status == 400 && !answer.isVerdict, "after \(length) bytes")
        }
    }

    @Test(arguments: [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0x00], [0x1F],
    ])
    func `whose body is not UTF-8, or has control characters, gets a reason`(bytes: [UInt8]) throws {
        let text = Fixture.review(spec: #"{"url":"https://x/@"}"#).utf8
        let body = text.flatMap { $0 == UInt8(ascii: "@") ? bytes : [$0] }
        let answer = try Desk().post(body)
        #expect(answer.status == 400 && answer.text.hasPrefix("JSON, byte") && !answer.isVerdict)
    }

    @Test(arguments: ["admission.k8s.io/v1beta1", "admission.k8s.io/v2", "v1"])
    func `of another version is told which one to configure`(version: String) throws {
        let text = Fixture.review(spec: "{}").replacing("admission.k8s.io/v1", with: version)
        let answer = try Desk().post(text)
        #expect(answer.status == 400 && !answer.isVerdict)
        #expect(
            answer.text == "apiVersion must be admission.k8s.io/v1, not \(version): "
                + "set admissionReviewVersions: [v1] in the webhook configuration\n"
        )
    }

    @Test func `never finds its own secrets in the reason`() throws {
        let secret = "ghp_0123456789"
        for body in [
            Fixture.review(spec: #"{"url":"https://\#(secret)@x","#),
            Fixture.review(spec: #"{"url":["\#(secret)"]}"#),
            Fixture.review(spec: "{}", uid: #"["\#(secret)"]"#), #"{"kind":"\#(secret)"}"#,
            Fixture.review(spec: "{}").replacing("admission.k8s.io/v1", with: "https://\(secret)@x"),
        ] {
            let answer = try Desk().post(body)
            #expect(answer.status == 400 && !answer.text.contains(secret))
        }
    }

    @Test(
        "is decided while somebody waits for the answer, and not later",
        arguments: [
            ("", 600_000, 200), ("?timeout=10s", 2_000, 200), ("?timeout=1m30s", 2_000, 200),
            ("?a=b&timeout=10s", 2_000, 200), ("?Timeout=1s", 2_000, 200), ("?timeouts=1s", 2_000, 200),
            ("?timeout=1s", 2_000, 503), ("?timeout=1500ms", 2_000, 503),
            ("?timeout=1s&timeout=10s", 2_000, 503),
            ("?timeout=1ns", 0, 503),
            ("?timeout=", 0, 400), ("?timeout", 0, 400), ("?timeout=3", 0, 400), ("?timeout=s", 0, 400),
            ("?timeout=-3s", 0, 400), ("?timeout=0s", 0, 400), ("?timeout=3%73", 0, 400),
            ("?timeout=3s+", 0, 400),
            ("?timeout=99999999999999999999s", 0, 400), ("?timeout=1e3s", 0, 400),
        ]
    )
    func timeout(_ query: String, _ milliseconds: Int, _ status: Int) throws {
        let desk = try Desk()
        let review = try Fixture.review("repository-with-pat")
        let answer = try desk.post(review, to: "/validate\(query)", age: milliseconds * 1_000_000)
        #expect(answer.status == status && answer.isVerdict == (status == 200))
        // What nobody learned is not on record.
        #expect(try desk.record().count == (status == 200 ? 1 : 0))
    }
}

extension Desk {
    /// What its metrics look like.
    var page: String {
        var text = MetricsText()
        metrics.write(to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
