import Manifests

/// Where in a file an object is written, and so each of its fields.
enum Placement {
    /// The object's own marks are the file's.
    case direct
    /// It is text of a literal block: its lines follow `line`, indented by so many columns.
    case literal(line: Int, indentation: Int)
    /// All of it is said to be at one place; what is there reads so, or as the field's path.
    case single(YAMLMark, String?)

    /// That of the lines of `text`, which the scalar `node` is.
    init(ofText text: String, in node: YAMLNode, _ file: ManifestFile) {
        let start = node.start
        guard file.bytes.indices.contains(start.offset), file.bytes[start.offset] == UInt8(ascii: "|") else {
            self = .single(start, "patch: …")
            return
        }
        func indentation(_ line: Substring.UTF8View) -> Int? {
            line.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
                .map { line.distance(from: line.startIndex, to: $0) }
        }
        func first(_ text: Substring) -> Int? {
            text.utf8.split(separator: UInt8(ascii: "\n")).lazy.compactMap { indentation($0) }.first
        }
        let raw = String(
            decoding: file.bytes[start.offset..<max(node.end.offset, start.offset)],
            as: UTF8.self
        )
        let body = raw.firstIndex { $0.isNewline }.map { raw[$0...] } ?? ""
        guard let inner = first(text[...]), let outer = first(body) else {
            self = .single(start, "patch: …")
            return
        }
        self = .literal(line: start.line, indentation: outer - inner)
    }

    /// One place for all of it, which `mark` is inside.
    func single(_ mark: YAMLMark) -> Placement {
        switch self {
        case .direct: .single(mark, nil)
        case .literal(let line, let indentation):
            .single(YAMLMark(line: line + mark.line, column: mark.column + indentation, offset: 0), nil)
        case .single(let outer, let text): .single(outer, text)
        }
    }
}

/// Where a finding is, and what is to be seen there: a line that shows no credential.
package struct Place: Sendable, Equatable {
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int
    /// The field as it is written, or as it may be shown.
    package let excerpt: String
    /// How many columns before the excerpt are blank; nil when something else is there.
    package let indentation: Int?
}

extension Manifest {
    /// Where the field at `path` is written, or the innermost part of the path that there is.
    func place(of path: String, in file: ManifestFile) -> Place {
        if case .single(let mark, let excerpt) = placement {
            let shown = excerpt ?? "path: /\(path.replacing(".", with: "/"))"
            return Place(line: mark.line, column: mark.column, excerpt: shown, indentation: nil)
        }
        let found = node.place(of: path)
        let mark = found.key?.start ?? found.value.start
        let excerpt = Self.excerpt(of: found, path)
        guard case .literal(let line, let indentation) = placement else {
            let isAlone = Self.isBlank(file.bytes, before: mark)
            return Place(
                line: mark.line,
                column: mark.column,
                excerpt: excerpt,
                indentation: isAlone ? mark.column - 1 : nil
            )
        }
        let column = mark.column + indentation
        return Place(line: line + mark.line, column: column, excerpt: excerpt, indentation: column - 1)
    }

    private static func isBlank(_ bytes: [UInt8], before mark: YAMLMark) -> Bool {
        let line = bytes[..<mark.offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return bytes[line..<mark.offset].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }
    }

    /// The field as it may be shown: whatever could be or hold a credential is left out.
    private static func excerpt(of place: YAMLNode.Place, _ path: String) -> String {
        let value =
            switch place.value.content {
            case .scalar(let text, _): Excerpt.value(text, at: path)
            case _ where place.key.map { $0.end.line < place.value.start.line } ?? false: ""
            case .sequence: "[…]"
            case .mapping:
                place.value.text("name").map { "{name: \(Excerpt.value($0, at: "name"))}" } ?? "{…}"
            }
        guard let key = place.key else { return value }
        let separator = value.isEmpty ? "" : " "
        return "\(Excerpt.key(key.text)):\(separator)\(value)"
    }
}
