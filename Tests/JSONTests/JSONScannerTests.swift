import JSON
import TestSupport
import Testing

@Suite("JSON text")
struct JSONScannerTests {
    @Test(
        "that RFC 8259 allows is accepted",
        arguments: [
            "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-0.0", "1e2", "1E+2", "1e-2",
            "0.1e5", "0e0",
            "123456789012345678901234567890", "\"\"", "\"a\"", " \t\r\n 1 \t\r\n ", "[]", "[ ]", "{}", "{ }",
            "[1]",
            "[1,2]", "[ 1 , 2 ]", "[[],[]]", "[{},{}]", "{\"a\":1}", "{\"a\":{}}",
            "{ \"a\" : [ ] , \"b\" : null }",
            "{\"\":0}", "{\"a\":1,\"a\":2}", #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9""#,
            #""\uD83D\uDE00""#,
            #""\ud83d\ude00 tail""#, #""\uFFFF""#, "\"é\"", "\"€\"", "\"😀\"", "\"\u{7F}\"", "\"\u{2028}\"",
            "\"\u{10FFFF}\"", "\"\u{FFFE}\"", "[\"a\",\"éééééééé\",\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaé\"]",
            #"{"a b":"0123456789abcdef\n0123456789abcdef"}"#,
        ]
    )
    func accepts(_ text: String) throws {
        _ = try JSONDocument(Array(text.utf8))
    }

    @Test(
        "that RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "TRUE", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5",
            "1.e1", "1e",
            "1e+", "0x1", "1_0", "1 2", "- 1", "'a'", "\"", "\"a", "a", "\"a\" \"b\"", "\"\t\"", "\"\n\"",
            "\"\u{0}\"",
            "\"\u{1F}\"", #""\x""#, #""\u""#, #""\u12""#, #""\u123g""#, #""\U0041""#, #""\""#, #""\ud800""#,
            #""\udc00""#, #""\ud800\ud800""#, #""\ud800 ""#, #""\ud800\n""#, #""\ud800\u0041""#, "[", "]",
            "[1",
            "[1,", "[,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1:2]", "{", "}", "{]", "[}", "{\"a\"",
            "{\"a\":",
            "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\",1}", "{\"a\"::1}", "{[]:1}", "[]]", "{}}", "[] []", "// c\n1", "/* c */ 1", "1 // c",
            "\u{FEFF}1",
            "\u{A0}1", "\u{B}1", "1\u{0}", "[\"a\u{0}\"]",
        ]
    )
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONDocument(Array(text.utf8)) }
    }

    @Test(
        "that is not UTF-8 is refused, in strings and out of them",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]]
    )
    func refusesNonUTF8(_ bytes: [UInt8]) {
        for padding in 0..<17 {
            let text = Array("\"".utf8) + [UInt8](repeating: 0x61, count: padding) + bytes
            #expect(throws: JSONError.self) { try JSONDocument(text + Array("\"".utf8)) }
            #expect(throws: JSONError.self) { try JSONDocument(text + Array("bbbbbbbbbbbbbbbb\"".utf8)) }
            #expect(throws: JSONError.self) { try JSONDocument(bytes) }
        }
    }

    @Test func `finds what must be escaped at every place of a word`() {
        for bad in [0x00, 0x0A, 0x1F] as [UInt8] {
            for place in 0..<40 {
                var text = [UInt8](repeating: 0x7E, count: 42)
                text[0] = UInt8(ascii: "\"")
                text[41] = UInt8(ascii: "\"")
                text[place + 1] = bad
                let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
                #expect(error?.offset == place + 1)
            }
        }
    }

    @Test func `nests 128 deep and no deeper`() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deepest = String(repeating: open, count: 128) + "1" + String(repeating: close, count: 128)
            _ = try JSONDocument(Array(deepest.utf8))
            let text = open + deepest + close
            #expect(throws: JSONError.self) { try JSONDocument(Array(text.utf8)) }
            let endless = String(repeating: open, count: 1_000_000)
            #expect(throws: JSONError.self) { try JSONDocument(Array(endless.utf8)) }
        }
    }

    private static let sample = Array(
        #" {"é\n":[1,-2.5e3,"x😀y\u00e9",true,false,null,{"a":{"b":[[],{}]}}],"long":"0123456789abcdefghij"} "#
            .utf8
    )

    @Test func `is refused wherever it is cut off`() throws {
        _ = try JSONDocument(Self.sample)
        let end = try #require(Self.sample.lastIndex(of: UInt8(ascii: "}")))
        for length in 0...end {
            #expect(throws: JSONError.self, "cut at \(length)") {
                try JSONDocument(Array(Self.sample.prefix(length)))
            }
            // The same when the buffer goes on behind the text.
            #expect(throws: JSONError.self) { try JSONDocument(Self.sample, 0..<length) }
        }
    }

    @Test func `never crashes the scanner or a reader, whatever its bytes`() {
        var random = SplitMix64(state: 7)
        for _ in 0..<20_000 {
            var bytes = Self.sample
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let document = try? JSONDocument(bytes) else { continue }
            read(document.root)
        }
    }

    @Test func `never outgrows the tape, not even with all its brackets open`() {
        let pieces = ["[", "{\"\":", "1,", "[1,", "\"\",", "[]", "[],", "]", "0", "{}"].map { Array($0.utf8) }
        for piece in pieces {
            for count in 1..<200 { _ = try? JSONDocument(Array(repeatElement(piece, count: count).joined())) }
        }
        var random = SplitMix64(state: 11)
        for _ in 0..<20_000 {
            let length = Int(random.next() % 40)
            let soup = (0..<length).flatMap { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
            _ = try? JSONDocument(soup)
        }
    }

    private func read(_ value: JSONValue) {
        _ = (value.string, value.number, value.boolean, value.text)
        for element in value.elements { read(element) }
        for (key, member) in value.members {
            read(key)
            read(member)
        }
    }

    @Test func `may stand anywhere in its buffer, and offsets count from where it begins`() throws {
        let bytes = Array("junk{\"a\":[1,\"b\"]}junk".utf8)
        let document = try JSONDocument(bytes, 4..<17)
        #expect(try document.root.member("a")?.elements.map(\.kind) == [.number, .string])
        let error = #expect(throws: JSONError.self) { try JSONDocument(bytes, 4..<18) }
        #expect(error?.offset == 13)
    }

    @Test func `is not quoted by errors`() {
        let error = #expect(throws: JSONError.self) { try JSONDocument(Array(#"{"token":"s3cret",}"#.utf8)) }
        #expect(error?.description == "JSON, byte 18: expected a key")
    }
}
