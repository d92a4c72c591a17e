/// What the Azure side is called: what `patless azure` would otherwise be told by flags.
package struct AzureNames: Sendable, Equatable {
    package var resourceGroup: String?
    package var cluster: String?
    package var url: String?
    package var branch: String?
    package var configuration: String?
    package var identity: String?
    package var namespace: String?
    package var path: String?

    package init() {}
}
