public import ArgumentParser
public import Logging
import Policy
import Sockets
import Webhook

extension RuleName: ExpressibleByArgument {}

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
