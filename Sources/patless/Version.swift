import ArgumentParser
import TLS

/// Which patless this is.
enum Version {
    static let number = "0.1.0"

    static var text: String {
        "patless \(number) (\(OpenSSLVersion.text))"
    }
}

/// `patless version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of patless and of the OpenSSL that it runs on."
    )

    func run() {
        Console.print(Version.text)
    }
}
