import Glibc

/// A folder of files.
package enum Folder {
    /// What a folder has in it.
    package struct Entry: Sendable {
        package let name: String
        package let kind: Kind
    }

    package enum Kind: Sendable {
        /// A file, or a symbolic link to one.
        case file
        case folder
        /// A symbolic link to a folder, which may lead back to where it is.
        case linkedFolder
        /// What cannot be read like a file, or is not there at all.
        case other
    }

    /// The names of what is in the folder at `path`, sorted by their bytes.
    package static func names(in path: String) throws(SystemError) -> [String] {
        guard let folder = opendir(path) else { throw SystemError("open \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The same with what they are.
    package static func entries(in path: String) throws(SystemError) -> [Entry] {
        try names(in: path).map { Entry(name: $0, kind: kind(of: "\(path)/\($0)")) }
    }

    /// What is at `path`.
    package static func kind(of path: String) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .other }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard !isLink || stat(path, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return isLink ? .linkedFolder : .folder
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// Removes the file at `path`.
    package static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 else { throw SystemError("remove \(path)") }
    }
}
