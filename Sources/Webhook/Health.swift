import HTTP

/// Whether the server is ready for requests, and why not.
package struct Health: Sendable {
    /// One thing that is looked at.
    package struct Check: Sendable {
        let name: String
        let look: @Sendable () -> State

        package init(_ name: String, _ look: @escaping @Sendable () -> State) {
            self.name = name
            self.look = look
        }
    }

    /// What a look at it came to, in words.
    package enum State: Sendable, Equatable {
        case good(String)
        /// Not as it should be, but requests are answered properly.
        case doubtful(String)
        case bad(String)
    }

    private let checks: [Check]

    package init(_ checks: [Check]) {
        self.checks = checks
    }

    /// Answers 200 when nothing is bad, else 503; the details when they are asked for, or when there is need.
    func answerReadiness(_ response: inout Response, isVerbose: Bool) {
        let states = checks.map { ($0.name, $0.look()) }
        let isReady = !states.contains { if case .bad = $0.1 { true } else { false } }
        var text = ""
        if isVerbose || !isReady {
            for (name, state) in states {
                switch state {
                case .good(let detail): text += "[+] \(name): \(detail)\n"
                case .doubtful(let detail): text += "[!] \(name): \(detail)\n"
                case .bad(let detail): text += "[-] \(name): \(detail)\n"
                }
            }
        }
        response.status = isReady ? .ok : .serviceUnavailable
        response.contentType = .text
        response.body.append(contentsOf: (text + (isReady ? "ready\n" : "not ready\n")).utf8)
    }
}
