/// What can be counted of the audit of a cluster.
package struct ClusterFigures: Sendable {
    package let scan: ClusterScan?
    package let reports: Reports?
    package let events: RefusalEvents?

    package init(scan: ClusterScan?, reports: Reports?, events: RefusalEvents?) {
        self.scan = scan
        self.reports = reports
        self.events = events
    }
}
