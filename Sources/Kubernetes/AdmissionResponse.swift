package import JSON

/// What the API server is told: the answer to one review.
package struct AdmissionResponse: Sendable {
    /// Why the request is refused; nil when it is allowed.
    package var denial: Denial?
    package var warnings: [String] = []
    package var patch = JSONPatch()
    /// What the API server notes in its own audit log; keys have no slash, for it puts one before them.
    package var auditAnnotations: [Annotation] = []
    private let uid: JSONValue

    /// The answer that allows what `review` asks, and changes nothing.
    package init(to review: AdmissionReview) {
        uid = review.uid
    }

    package struct Denial: Sendable, Equatable {
        package var message: String
        package var causes: [Cause]

        package init(message: String, causes: [Cause]) {
            self.message = message
            self.causes = causes
        }
    }

    package struct Cause: Sendable, Equatable {
        package var reason: String
        package var message: String
        package var field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    package struct Annotation: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    package var isAllowed: Bool {
        denial == nil
    }

    /// Appends the AdmissionReview that carries the answer.
    package func write(into buffer: inout [UInt8]) {
        buffer.append(contentsOf: Self.opening)
        buffer.writeJSON { json in
            json.object { writeResponse(into: &$0) }
        }
        buffer.append(UInt8(ascii: "}"))
    }

    /// What every answer begins with.
    private static let opening = Array(
        #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":"#.utf8
    )

    private func writeResponse(into json: inout JSONWriter) {
        json.key("uid")
        if let text = uid.text { json.raw(uid.document.bytes[text]) } else { json.null() }
        json.member("allowed", isAllowed)
        if let denial { writeStatus(denial, into: &json) }
        if !warnings.isEmpty {
            json.key("warnings")
            json.array { json in
                for warning in warnings { json.string(WarningText.line(of: warning)) }
            }
        }
        // A validating webhook may not answer with a patch, not even with an empty one.
        if !patch.isEmpty, isAllowed {
            var text: [UInt8] = []
            text.writeJSON { patch.write(into: &$0) }
            json.member("patchType", "JSONPatch")
            json.key("patch")
            json.base64(text)
        }
        if !auditAnnotations.isEmpty {
            json.key("auditAnnotations")
            json.object { json in
                for annotation in auditAnnotations { json.member(annotation.key, annotation.value) }
            }
        }
    }

    private func writeStatus(_ denial: Denial, into json: inout JSONWriter) {
        json.key("status")
        json.object { json in
            json.member("status", "Failure")
            json.member("message", denial.message)
            json.member("reason", "Forbidden")
            json.key("details")
            json.object { json in
                json.key("causes")
                json.array { json in
                    for cause in denial.causes {
                        json.object { json in
                            json.member("reason", cause.reason)
                            json.member("message", cause.message)
                            json.member("field", cause.field)
                        }
                    }
                }
            }
            json.member("code", 403)
        }
    }
}
