import JSON
import Kubernetes
import Testing

@Suite("An admission review")
struct AdmissionReviewTests {
    /// A review with members of the request replaced (or, by an empty text, left out).
    private static func review(_ changes: [String: String] = [:], version: String = "admission.k8s.io/v1")
        -> [UInt8]
    {
        var members = [
            "uid": #""7\u0030-a""#, "operation": #""UPDATE""#, "name": #""fleet""#, "namespace": #""apps""#,
            "kind": #"{"group":"source.toolkit.fluxcd.io","version":"v1","kind":"GitRepository"}"#,
            "resource": #"{"group":"source.toolkit.fluxcd.io","version":"v1","resource":"gitrepositories"}"#,
            "userInfo": #"{"username":"alice","groups":["dev","system:authenticated"]}"#,
            "object": #"{"metadata":{}}"#, "oldObject": #"{"metadata":{}}"#, "dryRun": "true",
            "unknown": #"{"x":[1]}"#,
        ]
        members.merge(changes) { $1 }
        let request = members.filter { !$0.value.isEmpty }.map { "\"\($0.key)\":\($0.value)" }
        return Array(
            #"{"kind":"AdmissionReview","apiVersion":"\#(version)","request":{\#(request.joined(separator: ","))}}"#
                .utf8
        )
    }

    @Test func `says who asks for what`() throws {
        let review = try AdmissionReview(Self.review())
        #expect(review.operation == .update)
        #expect(review.name == "fleet")
        #expect(review.namespace == "apps")
        #expect(review.isDryRun)
        #expect(!review.hasSubResource)
        #expect(review.kind == "GitRepository")
        #expect(try review.userName == "alice")
        #expect(review.object != nil)
        #expect(review.oldObject != nil)
        #expect(review.concerns(group: "source.toolkit.fluxcd.io", kind: "GitRepository"))
        #expect(!review.concerns(group: "", kind: "GitRepository"))
    }

    @Test func `takes null for absent, as Go does`() throws {
        let review = try AdmissionReview(
            Self.review([
                "object": "null", "operation": #""DELETE""#, "name": "null", "dryRun": "null",
                "namespace": "null",
                "subResource": #""status""#, "userInfo": "",
            ])
        )
        #expect(review.object == nil)
        #expect(review.name == "")
        #expect(!review.isDryRun)
        #expect(review.hasSubResource)
        #expect(try review.userName == "")
    }

    @Test(
        "that lacks what a decision needs, or has it in another type, is refused",
        arguments: [
            (["uid": ""], "request.uid is missing"), (["uid": "7"], "request.uid must be a string"),
            (["uid": #""""#], "request.uid is missing"),
            (["kind": ""], "request.kind must have a version and a kind"),
            (["kind": "[]"], "request.kind must be an object"),
            (["kind": #"{"version":"v1","kind":7}"#], "request.kind.kind must be a string"),
            (["kind": #"{"kind":"X"}"#], "request.kind must have a version and a kind"),
            (["operation": ""], "request.operation is missing"),
            (["operation": #""update""#], "request.operation must be CREATE, UPDATE, DELETE or CONNECT"),
            (["object": ""], "request.object is missing"), (["object": "null"], "request.object is missing"),
            (["object": "null", "operation": #""CREATE""#], "request.object is missing"),
            (["object": "[]"], "request.object must be an object"),
            (["oldObject": "1"], "request.oldObject must be an object"),
            (["name": "{}"], "request.name must be a string"),
            (["namespace": "[]"], "request.namespace must be a string"),
            (["dryRun": #""true""#], "request.dryRun must be true or false"),
            (["subResource": "1"], "request.subResource must be a string"),
            (["\\u0075id": #""other""#], "twice"), (["obj\\u0065ct": "{}"], "twice"),
        ] as [([String: String], String)]
    )
    func refuses(_ changes: [String: String], _ reason: String) {
        let error = #expect(throws: ReviewError.self) { try AdmissionReview(Self.review(changes)) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(
        "of another version is refused with what to configure",
        arguments: [
            ("admission.k8s.io/v1beta1", "not admission.k8s.io/v1beta1"), ("v1", "not v1"), ("", ""),
            ("s3cret token\\n", ""),
        ]
    )
    func refusesVersions(_ version: String, _ shown: String) {
        let error = #expect(throws: ReviewError.self) { try AdmissionReview(Self.review(version: version)) }
        #expect(error?.message.contains("admissionReviewVersions: [v1]") == true)
        #expect(error?.message.contains(shown) == true)
        #expect(error?.message.contains("s3cret") == false)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "null", "[]", "{}", "7", #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#,
        ]
    )
    func refusesOthers(_ text: String) {
        #expect(throws: ReviewError.self) { try AdmissionReview(Array(text.utf8)) }
    }

    @Test func `knows an object by its identifier only when it is there already`() throws {
        let object = #"{"metadata":{"uid":"o-1"}}"#
        let update = try AdmissionReview(Self.review(["object": object, "oldObject": object]))
        #expect(update.objectUID == "o-1")
        let create = ["operation": #""CREATE""#, "object": object, "oldObject": "null"]
        #expect(try AdmissionReview(Self.review(create)).objectUID.isEmpty)
    }

    @Test func `is answered with its uid, byte for byte`() throws {
        var buffer: [UInt8] = []
        AdmissionResponse(to: try AdmissionReview(Self.review())).write(into: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self)
                == #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","#
                + #""response":{"uid":"7\u0030-a","allowed":true}}"#
        )
    }

    @Test func `that is denied has a status, and no patch`() throws {
        var response = AdmissionResponse(to: try AdmissionReview(Self.review()))
        response.denial = .init(
            message: "no\n\"why\"",
            causes: [.init(reason: "r", message: "m", field: "spec.x")]
        )
        response.patch.add(["a"], .string("b"))
        response.auditAnnotations = [.init("findings", "r=deny")]
        var buffer: [UInt8] = []
        response.write(into: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self)
                == #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","#
                + #""response":{"uid":"7\u0030-a","allowed":false,"#
                + #""status":{"status":"Failure","message":"no\n\"why\"","reason":"Forbidden","#
                + #""details":{"causes":[{"reason":"r","message":"m","field":"spec.x"}]},"code":403},"#
                + #""auditAnnotations":{"findings":"r=deny"}}}"#
        )
    }

    @Test func `has warnings without control characters, one line of 256 at most each`() throws {
        let line = WarningText.line(of: "a\nb\t\u{1B}[31m é " + String(repeating: "word ", count: 9_000))
        #expect((250...256).contains(line.utf8.count))
        #expect(line.utf8.allSatisfy { 0x20..<0x7F ~= $0 })
        #expect(line.hasPrefix("a b [31m ?? word") && line.hasSuffix(" word..."))
        let long = String(repeating: "x", count: 300)
        #expect(WarningText.line(of: "short \(long)") == "short " + long.prefix(247) + "...")
        #expect(WarningText.line(of: " as\n it  is ") == "as it is")
    }

    @Test func `is not cut within a character`() {
        for limit in 4...20 {
            let text = "ééé😀😀ü".cut(to: limit)
            #expect(text.utf8.count <= limit && !text.contains("\u{FFFD}"))
        }
        #expect("ééé".cut(to: 6) == "ééé")
    }
}
