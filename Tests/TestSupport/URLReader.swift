import Sockets

/// A program by other authors that takes URLs apart.
package enum URLReader: String, CaseIterable, Sendable {
    /// Go's net/url, by which source-controller goes.
    case go
    /// Python's urllib.
    case python

    /// What it makes of a URL: bytes, decoded.
    package struct Parts: Sendable, CustomStringConvertible {
        package let scheme: [UInt8]
        package let userName: [UInt8]
        package let password: [UInt8]
        /// Without a port, and without the brackets of an IPv6 address.
        package let host: [UInt8]
        /// The names of the query's parameters that have a value.
        package let parameters: [[UInt8]]

        package var description: String {
            ([scheme, userName, password, host] + parameters)
                .map { String(decoding: $0, as: UTF8.self).debugDescription }.joined(separator: " ")
        }
    }

    /// What it makes of each URL; nil of one that it refuses.
    package func parts(of urls: [String]) throws -> [Parts?] {
        let script = #filePath.replacing(
            "URLReader.swift",
            with: self == .go ? "url-parts.go" : "url-parts.py"
        )
        let outcome = try Program.run(
            self == .go ? [Self.goCommand, "run", script] : [Python.command, script],
            input: urls.map { Hexadecimal.encode(Array($0.utf8)) + "\n" }.joined(),
            environment: ["GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": ""],
            seconds: 300  // Go compiles its library at first
        )
        guard outcome.status == 0 else {
            throw Trouble("\(self) ended with \(outcome.status): \(outcome.errors)")
        }
        let lines = outcome.output.split(separator: "\n")
        guard lines.count == urls.count else { throw Trouble("\(self) answered \(lines.count) lines") }
        return lines.map { line in
            guard line != "refused" else { return nil }
            let fields = line.dropFirst().split(separator: "+", omittingEmptySubsequences: false)
                .map(Hexadecimal.decode)
            return Parts(
                scheme: fields[0],
                userName: fields[1],
                password: fields[2],
                host: fields[3],
                parameters: Array(fields[4...])
            )
        }
    }

    /// The Go beside the Python that has the tests' packages, which it is one of, or else the first one in PATH.
    private static var goCommand: String {
        let python = Python.command
        guard let slash = python.lastIndex(of: "/") else { return "go" }
        let beside = python[...slash] + "go"
        return File.exists(String(beside)) ? String(beside) : "go"
    }
}
