import Foundation
import Testing

@testable import JSON

@Suite("Written JSON")
struct JSONWriterTests {
    private func written(_ content: (inout JSONWriter) -> Void) -> String {
        var bytes: [UInt8] = []
        bytes.writeJSON(content)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `has commas where they belong`() {
        let text = written { json in
            json.object { json in
                json.member("a", 1)
                json.key("b")
                json.array { json in
                    json.string("x")
                    json.object { _ in }
                    json.null()
                    json.array { _ in }
                    json.boolean(false)
                }
                json.member("c", true)
                json.key("d")
                json.raw(ArraySlice("{\"verbatim\": 1.0}".utf8))
                json.member("e", "f")
            }
        }
        #expect(text == #"{"a":1,"b":["x",{},null,[],false],"c":true,"d":{"verbatim": 1.0},"e":"f"}"#)
    }

    @Test func `reads back as what was written, for every character below U+0100 and some above`() throws {
        var text = "€😀\u{2028}\u{10FFFF}"
        for number in 0..<0x100 as Range<UInt32> { text.unicodeScalars.append(Unicode.Scalar(number) ?? " ") }
        let json = written { $0.string(text) }
        #expect(try JSONDocument(Array(json.utf8)).root.equals(text))
        #expect(try JSONDecoder().decode(String.self, from: Data(json.utf8)) == text)
        #expect(!json.utf8.contains { $0 < 0x20 })
    }

    @Test func `goes behind what the buffer holds`() {
        var buffer = Array("head ".utf8)
        buffer.writeJSON { $0.number(-7) }
        #expect(String(decoding: buffer, as: UTF8.self) == "head -7")
    }

    @Test func `holds base64 as Foundation writes it`() {
        for length in 0..<70 {
            let data = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
            #expect(written { $0.base64(data) } == "\"\(Data(data).base64EncodedString())\"")
        }
    }

    @Test(
        "points to keys with their ~ and / escaped",
        arguments: zip(
            [["metadata", "annotations", "a.b/c-d"], ["~1"], ["/~"], [""], ["a", ""]],
            ["/metadata/annotations/a.b~1c-d", "/~01", "/~1~0", "/", "/a/"]
        )
    )
    func escapes(_ path: [String], _ pointer: String) {
        #expect(JSONPatch.pointer(path) == pointer)
    }

    @Test func `is a patch that adds and replaces`() {
        var patch = JSONPatch()
        patch.add(["a", "b/c"], .object([.init("d", .string("e"))]))
        patch.replace(["f"], .string("g"))
        #expect(
            written { patch.write(into: &$0) }
                == #"[{"op":"add","path":"/a/b~1c","value":{"d":"e"}},{"op":"replace","path":"/f","value":"g"}]"#
        )
    }
}
