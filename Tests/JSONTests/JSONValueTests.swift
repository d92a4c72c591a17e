import JSON
import Testing

@Suite("A JSON value")
struct JSONValueTests {
    private func root(_ text: String) throws -> JSONValue {
        try JSONDocument(Array(text.utf8)).root
    }

    @Test func `tells null from absent`() throws {
        let object = try root(#"{"a":null}"#)
        #expect(try object.member("a")?.kind == .null)
        #expect(try object.member("b") == nil)
    }

    @Test(
        "has no member under a key that is spelt twice, however it is spelt",
        arguments: [
            #"{"spec":1,"spec":1}"#, #"{"spec":1,"a":{},"\u0073pec":2}"#, #"{"\u0073pec":1,"spe\u0063":2}"#,
        ]
    )
    func refusesTwins(_ text: String) throws {
        let object = try root(text)
        let error = #expect(throws: JSONError.self) { try object.member("spec") }
        #expect(error?.what == "the key \"spec\" twice")
        #expect(try object.member("other") == nil)
    }

    @Test func `finds a key by its content, whatever its spelling, and by bytes only`() throws {
        #expect(try root(#"{"\u0073p\u0065c":1}"#).member("spec")?.number == "1")
        #expect(try root(#"{"a":1,"K":2}"#).member("\u{212A}") == nil)
        #expect(try root(#"{"e\u0301":1}"#).member("\u{E9}") == nil)
        #expect(try root(#"{"a":{"b":1},"c":[{"b":1}]}"#).member("b") == nil)
        #expect(try root(#"["spec",1]"#).member("spec") == nil)
    }

    @Test(
        "decodes its escapes",
        arguments: zip(
            [#""a\"\\\/\b\f\n\r\tz""#, #""\u0041\u00e9\u20AC\ud83d\ude00""#, #""é😀""#, #""\u0000""#],
            ["a\"\\/\u{8}\u{C}\n\r\tz", "Aé€😀", "é😀", "\0"]
        )
    )
    func decodes(_ text: String, _ content: String) throws {
        let value = try root(text)
        #expect(value.string.map { Array($0.utf8) } == Array(content.utf8))
        #expect(value.equals(content))
        #expect(!value.equals(content + "x"))
        #expect(value.text.map { String(decoding: value.document.bytes[$0], as: UTF8.self) } == text)
    }

    @Test func `is empty only without content`() throws {
        #expect(try root(#""""#).isEmptyString)
        #expect(try !root(#"" ""#).isEmptyString)
        #expect(try !root("null").isEmptyString)
    }

    @Test func `keeps numbers as they are written`() throws {
        #expect(
            try root("[1.0, 1e400, -0]").elements.compactMap(\.number) == ["1.0", "1e400", "-0"]
        )
        #expect(try root("\"1\"").number == nil)
    }

    @Test func `lists members and elements in order, twins and all`() throws {
        let object = try root(#"{"b":[1,[2,3],{"x":4}],"a":true,"b":false}"#)
        #expect(object.members.compactMap(\.key.string) == ["b", "a", "b"])
        #expect(object.members.map(\.value.kind) == [.array, .boolean, .boolean])
        #expect(object.members.map(\.value.boolean) == [nil, true, false])
        #expect(Array(object.elements).isEmpty)
    }
}
