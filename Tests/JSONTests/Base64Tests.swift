import JSON
import TestSupport
import Testing

@Suite("Base64")
struct Base64Tests {
    private func encoded(_ data: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.encode(data, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        "is that of RFC 4648, section 10",
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        )
    )
    func vectors(_ data: String, _ text: String) {
        #expect(encoded(Array(data.utf8)) == text)
        #expect(Base64.decode(text.utf8) == Array(data.utf8))
    }

    @Test func `holds every byte at every place`() {
        for byte in UInt8.min...UInt8.max {
            for data in [[byte], [0, byte], [255, 255, byte], [byte, 0, 0, byte]] {
                #expect(Base64.decode(encoded(data).utf8) == data)
            }
        }
    }

    @Test(arguments: ["\nZm9v\r\nYmFy", "Zm9vYmFy\n", "Z\nm\n9\nv\nY\nm\nF\ny", "\r\r\n\nZm9vYmFy"])
    func `may be broken into lines`(text: String) {
        #expect(Base64.decode(text.utf8) == Array("foobar".utf8))
        #expect(Base64.decode("Zm9vYg=\n=\n".utf8) == Array("foob".utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zm8", "Zm9", "Zm9vYg", "=", "==", "===", "====", "Zg===", "Zm8==", "Zm9v=",
        "Zm9v====",
        "Zg==Zg==", "Zg=g", "Zg==\n\nZm9v", " Zm9v", "Zm 9v", "Zm9v\t", "Zm9v\0", "Zm-_", "Zm9v!", "Zm9é",
        "Zh==",
        "Zm9=", "\"Zm9v\"",
    ])
    func `is nothing else`(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test func `is what Python takes for it, where the text is what Python writes`() throws {
        var random = SplitMix64(state: 7)
        let letters = Array("AQgwZm9+/=-_ \t".utf8)
        let texts = (0..<5_000).map { _ in
            var text = Array(
                encoded(
                    (0..<Int.random(in: 0...7, using: &random)).map { _ in
                        .random(in: 0...255, using: &random)
                    }
                ).utf8
            )
            for _ in 0..<Int.random(in: 0...2, using: &random) where !text.isEmpty {
                let place = text.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0...2, using: &random) {
                case 0: text[place] = letters.randomElement(using: &random) ?? 0
                case 1: text.remove(at: place)
                default: text.insert(letters.randomElement(using: &random) ?? 0, at: place)
                }
            }
            return text
        }
        let program = """
            import base64, sys
            for line in sys.stdin.buffer:
                text = line.removesuffix(b"\\n")
                try:
                    data = base64.b64decode(text, validate=True)
                    print(data.hex() if base64.b64encode(data) == text else "refused")
                except ValueError:
                    print("refused")
            """
        let outcome = try Program.run(
            [Python.command, "-c", program],
            input: texts.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        )
        let verdicts = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        try #require(verdicts.count == texts.count)
        for (text, verdict) in zip(texts, verdicts) {
            let hexadecimal = Base64.decode(text).map { data in
                data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            }
            #expect(hexadecimal ?? "refused" == verdict, "\(String(decoding: text, as: UTF8.self))")
        }
        // Both kinds are among them.
        #expect(500..<4_500 ~= verdicts.count { $0 == "refused" })
    }
}
