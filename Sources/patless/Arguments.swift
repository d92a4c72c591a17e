public import ArgumentParser
public import Logging
import Policy
import Scan
import Sockets
import Webhook

extension RuleName: ExpressibleByArgument {}

extension Verdict.Decision: ExpressibleByArgument {}

extension ReportFormat: ExpressibleByArgument {}

extension ScanReport.Threshold: ExpressibleByArgument {}

extension LineLogHandler.Format: ExpressibleByArgument {}

extension Logger.Level: @retroactive ExpressibleByArgument {}

extension SocketAddress: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }

    package var defaultValueDescription: String {
        description
    }
}

/// A time span, written as Go writes it: `168h`, `1h30m`, `20s`.
struct Duration: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    init?(argument: String) {
        guard let nanoseconds = GoDuration.nanoseconds(Array(argument.utf8)[...]),
            nanoseconds >= 1_000_000_000
        else {
            return nil
        }
        seconds = nanoseconds / 1_000_000_000
    }

    var defaultValueDescription: String {
        seconds % 3_600 == 0 ? "\(seconds / 3_600)h" : "\(seconds)s"
    }
}
