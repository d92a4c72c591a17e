import Scan
import Sockets

/// The files of manifests below the paths that a command was given.
struct ManifestTree {
    /// More than any manifest has; what is larger is named and left out.
    private static let sizeLimit = 8 << 20
    private static let extensions = [".yaml", ".yml"]
    /// Folders that hold what others wrote.
    private static let skipped: Set<String> = [".git", "node_modules"]

    /// As people are told, in order; `-` is standard input.
    private(set) var paths: [String] = []
    private(set) var notes: [ScanNote] = []
    private(set) var kustomizations = Kustomizations()

    init(_ roots: [String]) throws {
        var seen: Set<String> = []
        for root in roots {
            let root = Self.tidy(root)
            var found: [String] = []
            switch root == "-" ? .file : Folder.kind(of: root) {
            case .folder, .linkedFolder: walk(root, &found)
            case .file: found = [root]
            case .other: throw Failure(description: "\(root): there is no such file or folder")
            }
            paths += found.filter { seen.insert($0).inserted }
        }
        noteKustomizations()
        // What a kustomization names in JSON is looked at, too.
        let named = kustomizations.files.filter { $0.hasSuffix(".json") && Folder.kind(of: $0) == .file }
        paths += named.sorted().filter { seen.insert($0).inserted }
    }

    /// Takes in the kustomizations of the tree, and those beside files that were named one by one.
    private mutating func noteKustomizations() {
        let folders = Set(paths.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" })
        for folder in folders.sorted() {
            for name in Kustomizations.names.sorted() where Folder.kind(of: folder + name) == .file {
                if let file = try? Self.read(folder + name) { kustomizations.note(file) }
            }
        }
    }

    /// Reads each file and hands it to `take`; what cannot be read goes to `fail`.
    func forEach(_ take: (ManifestFile) -> Void, unreadable fail: (ScanNote) -> Void) {
        for path in paths {
            do throws(SystemError) {
                take(try Self.read(path))
            } catch {
                fail(ScanNote(path, "cannot be read: \(error)", isFailure: true))
            }
        }
    }

    private mutating func walk(_ folder: String, _ found: inout [String]) {
        let entries: [Folder.Entry]
        do throws(SystemError) {
            entries = try Folder.entries(in: folder)
        } catch {
            notes.append(ScanNote(folder, "cannot be read: \(error)", isFailure: true))
            return
        }
        for entry in entries {
            let path =
                folder == "." ? entry.name : folder == "/" ? "/\(entry.name)" : "\(folder)/\(entry.name)"
            switch entry.kind {
            case .folder where !Self.skipped.contains(entry.name): walk(path, &found)
            case .file where Self.isManifest(entry.name): found.append(path)
            case .other where entry.name.unicodeScalars.contains("\u{FFFD}"):
                notes.append(ScanNote(path, "cannot be read: its name is not UTF-8", isFailure: true))
            default: continue
            }
        }
    }

    private static func isManifest(_ name: String) -> Bool {
        extensions.contains(where: name.hasSuffix) || Kustomizations.names.contains(name)
    }

    static func read(_ path: String) throws(SystemError) -> ManifestFile {
        let bytes = try File.read(path, limit: sizeLimit)
        return ManifestFile(path: path == "-" ? "standard input" : path, bytes: bytes)
    }

    /// `path` without a `./` before it or a slash after it.
    private static func tidy(_ path: String) -> String {
        var path = path[...]
        while path.hasPrefix("./"), path.count > 2 { path = path.dropFirst(2) }
        while path.hasSuffix("/"), path.count > 1 { path = path.dropLast() }
        return path == "./" ? "." : String(path)
    }
}
