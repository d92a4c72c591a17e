import Glibc

/// A directory for the files of one test, which goes with it.
package final class Scratch: Sendable {
    package let path: String

    package init() {
        var template = Array("/tmp/patless-test-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unlink("\(path)/\(name)")
            }
            closedir(directory)
        }
        rmdir(path)
    }

    /// The path of the file `name` in it.
    package subscript(name: String) -> String {
        "\(path)/\(name)"
    }

    package func remove(_ name: String) throws {
        guard unlink(self[name]) == 0 else { throw Trouble("cannot remove \(self[name])") }
    }

    /// Writes a file, whole or not at all, and returns its path.
    @discardableResult
    package func write(_ content: String, to name: String) throws -> String {
        try write(Array(content.utf8), to: name)
    }

    /// Writes a file, whole or not at all, and returns its path.
    @discardableResult
    package func write(_ content: [UInt8], to name: String) throws -> String {
        let temporary = self[".\(name)"]
        guard let file = fopen(temporary, "w") else { throw Trouble("cannot write \(temporary)") }
        let written = fwrite(content, 1, content.count, file)
        guard fclose(file) == 0, written == content.count, rename(temporary, self[name]) == 0 else {
            throw Trouble("cannot write \(self[name])")
        }
        return self[name]
    }
}
