/// The installation that policies are exported for, as its chart names things.
package struct Release: Sendable {
    package let name: String
    package let namespace: String

    package init(name: String, namespace: String) {
        self.name = name
        self.namespace = namespace
    }

    /// The expressions by which the chart's webhooks leave namespaces out, as it sets them by default.
    var excludedNamespaces: String {
        """
                - key: kubernetes.io/metadata.name
                  operator: NotIn
                  values: [\(Text.quoted(namespace))]
                - key: patless.dev/ignore
                  operator: NotIn
                  values: ["true"]
                # What AKS' admissions enforcer would add.
                - key: control-plane
                  operator: NotIn
                  values: ["true"]
                - key: kubernetes.azure.com/managedby
                  operator: NotIn
                  values: [aks]
        """
    }
}

/// Text in YAML.
enum Text {
    /// In double quotes: what CEL and our messages have is ASCII without control characters.
    static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
