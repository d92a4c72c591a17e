import Manifests
import Testing

@Suite("A YAML document")
struct YAMLDocumentTests {
    @Test(
        "is made of scalars, lists and mappings, in the order of the text",
        arguments: [
            ("b: 1\na: [x, 'y']\n", #"{b: 1, a: [x, "y"]}"#),
            ("a:\nb: ~\n", "{a: , b: ~}"),
            ("- |\n  two\n  lines\n- \"\\x41\\0\"\n", "[\"two\nlines\n\", \"A\0\"]"),
            ("[a: b]", "[{a: b}]"),
            ("a: é\u{301}😀", "{a: é\u{301}😀}"),
            ("é: 1\ne\u{301}: 2", "{é: 1, e\u{301}: 2}"),
            ("", ""),
            ("# nothing\n", ""),
            ("---\n---\na\n...\n---\n[]", " | a | []"),
        ]
    )
    func content(_ text: String, _ expected: String) throws {
        let documents = try YAMLDocument.parse(Array(text.utf8))
        #expect(documents.map { outline($0.root) }.joined(separator: " | ") == expected)
    }

    @Test(
        "has its aliases resolved",
        arguments: [
            ("a: &x {b: [1]}\nc: *x\n", "{a: {b: [1]}, c: {b: [1]}}"),
            ("&k a: 1\nb: *k\n", "{a: 1, b: a}"),
            ("a: &x 1\nb: *x\nc: &x 2\nd: *x", "{a: 1, b: 1, c: 2, d: 2}"),
            ("a: &x [1]\nb: &y [*x, *x]\nc: *y", "{a: [1], b: [[1], [1]], c: [[1], [1]]}"),
        ]
    )
    func aliases(_ text: String, _ expected: String) throws {
        #expect(try outline(root(text)) == expected)
    }

    @Test(
        "knows where each value is written",
        arguments: [
            ("a: 1\nb:   'x'  # why\n", ["1:1 a: 1\nb:   'x'", "1:4 1", "2:6 'x'"]),
            ("é: 😀\n\"ü\": ö", ["1:1 é: 😀\n\"ü\": ö", "1:4 😀", "2:6 ö"]),
            ("\u{FEFF}a: b", ["1:1 a: b", "1:4 b"]),
            ("a: b\r\nc: d\re: f", ["1:1 a: b\r\nc: d\re: f", "1:4 b", "2:4 d", "3:4 f"]),
            (
                "['a\u{2028}b', '\u{85}']",
                ["1:1 ['a\u{2028}b', '\u{85}']", "1:2 'a\u{2028}b'", "1:9 '\u{85}'"]
            ),
            (
                "a:\n- 1\n-\n\n# x\nb: 2",
                ["1:1 a:\n- 1\n-\n\n# x\nb: 2", "2:1 - 1\n-", "2:3 1", "3:2 ", "6:4 2"]
            ),
            ("[1, {b: c} ]  \n\n", ["1:1 [1, {b: c} ]", "1:2 1", "1:5 {b: c}", "1:9 c"]),
            ("a: &x !t b\nc: *x\n", ["1:1 a: &x !t b\nc: *x", "1:4 &x !t b", "2:4 *x"]),
            ("a: |\n  x\n\nb: 1", ["1:1 a: |\n  x\n\nb: 1", "1:4 |\n  x\n\n", "4:4 1"]),
        ]
    )
    func places(_ text: String, _ expected: [String]) throws {
        #expect(places(of: try root(text), in: Array(text.utf8)) == expected)
    }

    @Test func `keeps a tag in full`() throws {
        #expect(try root("!!str 1").tag == "tag:yaml.org,2002:str")
        #expect(try root("!secret x").tag == "!secret")
        #expect(try root("x").tag == nil)
    }

    @Test(
        "is refused when it is not one, by line and column",
        arguments: [
            ("a: [1", "1:6: did not find expected ',' or ']' while parsing a flow sequence"),
            ("a:\n  - b\n c: d", "3:2: did not find expected key while parsing a block mapping\(since) 1"),
            ("a:\n\tb: 1", "2:1: a tab cannot indent; use spaces"),
            ("a: b: c", "1:5: mapping values are not allowed in this context"),
            ("é: 1\nb: 'x\n", "3:1: found unexpected end of stream while scanning a quoted scalar\(since) 2"),
            ("é: \u{1}", "1:4: control characters are not allowed"),
            ("a: 1\nb: 2\na: 3", "3:1: the key `a` is here again; the first is on line 1"),
            ("{a: 1, 'a': 2}", "1:8: the key `a` is here again; the first is on line 1"),
            ("? [a]\n: b", "1:3: a key must be text, not a list or a mapping"),
            ("a: *x", "1:4: an alias names no value that is complete before it"),
            ("&x [*x]", "1:5: an alias names no value that is complete before it"),
            ("a: &x 1\n---\nb: *x", "3:4: an alias names no value that is complete before it"),
            ("\"\u{1b}[2J\": 1", "1:2: control characters are not allowed"),
            (
                #"{"\e[2J": 1, "\e[2J": 1}"#,
                "1:14: a key is here again; the first is on line 1"
            ),
        ]
    )
    func refusal(_ text: String, _ expected: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(Array(text.utf8)) }
        #expect(error?.description == expected)
    }

    @Test(
        "is UTF-8",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "1:4: not UTF-8"),
            ([0xC3, 0xA9, 0x0A, 0xC3, 0xA9, 0xC3], "2:2: not UTF-8"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1: not UTF-8"),
            ([0x61, 0x00], "1:2: control characters are not allowed"),
            ([0xED, 0xA0, 0x80], "1:1: not UTF-8"),
        ] as [([UInt8], String)]
    )
    func encoding(_ bytes: [UInt8], _ expected: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(bytes) }
        #expect(error?.description == expected)
    }

    @Test("is refused at once when it is a bomb", arguments: Bomb.allCases)
    func bombs(_ bomb: Bomb) {
        let bytes = Array(bomb.text.utf8)
        let time = ContinuousClock().measure {
            let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(bytes) }
            #expect(error?.what == bomb.refusal)
        }
        #expect(time < .seconds(2))
    }

    private static let since = " that begins on line"

    private func root(_ text: String) throws -> YAMLNode {
        let documents = try YAMLDocument.parse(Array(text.utf8))
        return try #require(documents.first).root
    }

    private func outline(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let text, .plain): text
        case .scalar(let text, .quoted): "\"\(text)\""
        case .sequence(let items): "[\(items.map(outline).joined(separator: ", "))]"
        case .mapping(let pairs):
            "{\(pairs.map { "\($0.key.text): \(outline($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// Line, column and text of `node` and of all that is written inside it.
    private func places(of node: YAMLNode, in bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes[node.range], as: UTF8.self)
        let inside: [YAMLNode] =
            switch node.content {
            case .scalar: []
            case .sequence(let items): items
            case .mapping(let pairs): pairs.map(\.value)
            }
        let place = "\(node.start.line):\(node.start.column) \(text)"
        return [place] + inside.flatMap { places(of: $0, in: bytes) }
    }
}

/// A small text that would take a machine down.
enum Bomb: CaseIterable {
    case laughs, list, mapping, block, tower

    var text: String {
        switch self {
        case .laughs:
            (1...40).reduce("a0: &a0 x\n") { text, line in
                let items = Array(repeating: "*a\(line - 1)", count: 9).joined(separator: ", ")
                return text + "a\(line): &a\(line) [\(items)]\n"
            }
        case .list: String(repeating: "[", count: 1_000_000)
        case .mapping: String(repeating: "{a: ", count: 250_000)
        case .block: String(repeating: "- ", count: 500_000)
        // Each floor is as high as is allowed, and stands on the one before.
        case .tower:
            (1...400).reduce("a0: &a0 x\n") { text, floor in
                let (left, right) = (String(repeating: "[", count: 90), String(repeating: "]", count: 90))
                return text + "a\(floor): &a\(floor) \(left)*a\(floor - 1)\(right)\n"
            }
        }
    }

    var refusal: String {
        self == .laughs ? "aliases stand for more than 100000 values" : "nested more than 100 deep"
    }
}
