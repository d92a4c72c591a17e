import Sockets

/// Standard output and standard error.
enum Console {
    static func print(_ text: String) {
        File.write(Array((text + "\n").utf8), to: File.standardOutput)
    }

    static func error(_ text: String) {
        File.write(Array((text + "\n").utf8), to: File.standardError)
    }
}
