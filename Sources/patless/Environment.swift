import Sockets

/// The flags that environment variables stand for: `PATLESS_LOG_LEVEL` for `--log-level`.
enum Environment {
    /// The command line, and behind it a flag for each variable whose flag it does not have.
    static var arguments: [String] {
        let given = Array(CommandLine.arguments.dropFirst())
        return given + extra(given, variable: EnvironmentVariable.value)
    }

    static func extra(_ given: [String], variable: (String) -> String?) -> [String] {
        guard given.first == "serve" else { return [] }
        let switches = Serve.switches.flatMap { flag -> [String] in
            guard !given.contains(flag) else { return [] }
            return switch variable(name(of: flag)) {
            case nil, "", "false": []
            case "true": [flag]
            // Refused by the parser, which names it.
            case let other?: ["\(flag)=\(other)"]
            }
        }
        return switches
            + Serve.flags.flatMap { flag -> [String] in
                let isGiven = given.contains { $0 == flag || $0.hasPrefix(flag + "=") }
                guard !isGiven, let value = variable(name(of: flag)), !value.isEmpty else { return [] }
                let isList = Serve.lists.contains(flag)
                let values =
                    isList
                    ? value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) : [value]
                return values.flatMap { [flag, $0] }
            }
    }

    static func name(of flag: String) -> String {
        "PATLESS_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
    }
}
