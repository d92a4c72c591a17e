package import JSON

/// A ServiceAccount, as far as workload identity is concerned.
package struct ServiceAccount: Sendable {
    package let metadata: ObjectMeta
    package let annotations: StringMap
    package let labels: StringMap

    package static let group = ""
    package static let kind = "ServiceAccount"

    package init(_ object: JSONValue) throws(ReviewError) {
        metadata = try ObjectMeta(of: object)
        annotations = try metadata.annotations
        labels = try metadata.labels
    }
}
