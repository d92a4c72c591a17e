package import JSON

/// A question of the API server: may this be done to that object.
///
/// Only what a decision needs is looked at, and no string is made before somebody asks for it.
package struct AdmissionReview: Sendable {
    package enum Operation: String, Sendable, CaseIterable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case connect = "CONNECT"
    }

    /// The request's identifier, which the response must repeat.
    package let uid: JSONValue
    package let operation: Operation
    /// The new object; nil on DELETE.
    package let object: JSONValue?
    /// The object as it was; nil on CREATE.
    package let oldObject: JSONValue?
    package let isDryRun: Bool
    /// Whether the request is about a part of the object, such as `status`.
    package let hasSubResource: Bool

    private let request: JSONValue
    private let groupText: JSONValue?
    private let versionText: JSONValue
    private let kindText: JSONValue
    private let nameText: JSONValue?
    private let namespaceText: JSONValue?

    /// The review that `range` of `bytes` is.
    package init(_ bytes: [UInt8], _ range: Range<Int>) throws(ReviewError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, range)
        } catch {
            throw ReviewError(error)
        }
        try self.init(document.root)
    }

    package init(_ bytes: [UInt8]) throws(ReviewError) {
        try self.init(bytes, 0..<bytes.count)
    }

    package init(_ root: JSONValue) throws(ReviewError) {
        guard root.kind == .object else { throw ReviewError("an AdmissionReview must be an object") }
        try Self.checkVersion(of: root)
        guard let request = try root.object("request", "request") else {
            throw ReviewError("request is missing")
        }
        self.request = request

        guard let uid = try request.text("uid", "request.uid"), !uid.isEmptyString else {
            throw ReviewError("request.uid is missing")
        }
        self.uid = uid

        guard let type = try request.object("kind", "request.kind"),
            let kind = try type.text("kind", "request.kind.kind"), !kind.isEmptyString,
            let version = try type.text("version", "request.kind.version")
        else { throw ReviewError("request.kind must have a version and a kind") }
        groupText = try type.text("group", "request.kind.group")
        kindText = kind
        versionText = version

        guard let verb = try request.text("operation", "request.operation") else {
            throw ReviewError("request.operation is missing")
        }
        guard let operation = Operation.allCases.first(where: { verb.equals($0.rawValue) }) else {
            throw ReviewError("request.operation must be CREATE, UPDATE, DELETE or CONNECT")
        }
        self.operation = operation

        nameText = try request.text("name", "request.name")
        namespaceText = try request.text("namespace", "request.namespace")
        isDryRun = try request.flag("dryRun", "request.dryRun")
        let part = try request.text("subResource", "request.subResource")
        hasSubResource = part.map { !$0.isEmptyString } ?? false
        object = try request.object("object", "request.object")
        oldObject = try request.object("oldObject", "request.oldObject")
        if object == nil, operation == .create || operation == .update {
            throw ReviewError("request.object is missing")
        }
    }

    private static func checkVersion(of root: JSONValue) throws(ReviewError) {
        guard let kind = try root.text("kind", "kind"), kind.equals("AdmissionReview") else {
            throw ReviewError("kind must be AdmissionReview")
        }
        guard let version = try root.text("apiVersion", "apiVersion") else {
            throw ReviewError("apiVersion is missing; it must be admission.k8s.io/v1")
        }
        guard version.equals("admission.k8s.io/v1") else {
            let sent = version.string.flatMap(PlainToken.init).map { ", not \($0.text)" } ?? ""
            throw ReviewError(
                "apiVersion must be admission.k8s.io/v1\(sent):"
                    + " set admissionReviewVersions: [v1] in the webhook configuration"
            )
        }
    }
}

/// What the request is about, compared as bytes or made into strings when somebody asks.
extension AdmissionReview {
    package var group: String { groupText?.string ?? "" }
    package var version: String { versionText.string ?? "" }
    package var kind: String { kindText.string ?? "" }
    /// The object's name; empty when the API server has still to generate it.
    package var name: String { nameText?.string ?? "" }
    /// The namespace; empty for what has none.
    package var namespace: String { namespaceText?.string ?? "" }

    /// Whether the object is of this group and kind, in whatever version.
    package func concerns(group: String, kind: String) -> Bool {
        guard kindText.equals(kind) else { return false }
        return groupText?.equals(group) ?? group.isEmpty
    }

    /// The identifier of the object itself; empty for one that is being created.
    ///
    /// The API server gives that one an identifier before it asks, another one at each try.
    package var objectUID: String {
        let metadata = try? oldObject?.object("metadata", "metadata")
        return (try? metadata?.text("uid", "metadata.uid"))?.string ?? ""
    }

    /// The name of who asks.
    package var userName: String {
        get throws(ReviewError) {
            try userInfo?.text("username", "request.userInfo.username")?.string ?? ""
        }
    }

    /// The groups of who asks.
    package var userGroups: [String] {
        get throws(ReviewError) {
            try userInfo?.array("groups", "request.userInfo.groups")?.elements.compactMap(\.string) ?? []
        }
    }

    private var userInfo: JSONValue? {
        get throws(ReviewError) { try request.object("userInfo", "request.userInfo") }
    }
}

/// Text that is safe to repeat to people: a few letters, digits and `.`, `/`, `-`, `_`.
struct PlainToken {
    let text: String

    init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...63).contains(text.utf8.count) else { return nil }
        self.text = text
    }
}
