/// A way to tell of a scan.
package enum ReportFormat: String, CaseIterable, Sendable {
    /// For people at a terminal: each finding with its line.
    case table
    case json
    /// SARIF 2.1.0, which GitHub and Azure DevOps take for code scanning.
    case sarif
    /// JUnit's XML, which every CI shows as tests.
    case junit
    /// Workflow commands of GitHub Actions, which annotate a pull request.
    case github
    /// Logging commands of Azure Pipelines, which show on a pull request.
    case azureDevOps = "azure-devops"
    /// A table to put into a comment.
    case markdown
    /// One page to look at.
    case html

    /// What surrounds a report.
    package struct Setting: Sendable {
        /// Such as `0.1.0`.
        package let version: String
        /// What was looked at, such as `apps` or `the cluster`.
        package let scope: String
        /// The day, such as `2027-03-31`.
        package let day: String
        /// Whether a terminal that knows colours is going to show it.
        package let isColoured: Bool

        package init(version: String, scope: String, day: String, isColoured: Bool = false) {
            self.version = version
            self.scope = scope
            self.day = day
            self.isColoured = isColoured
        }
    }

    package func text(of report: ScanReport, _ setting: Setting) -> String {
        switch self {
        case .table: TableFormat(isColoured: setting.isColoured).text(of: report)
        case .json: JSONFormat.text(of: report, setting)
        case .sarif: SARIFFormat.text(of: report, setting)
        case .junit: JUnitFormat.text(of: report)
        case .github: GitHubFormat.text(of: report)
        case .azureDevOps: AzureDevOpsFormat.text(of: report)
        case .markdown: MarkdownFormat.text(of: report)
        case .html: HTMLFormat.text(of: report, setting)
        }
    }
}
