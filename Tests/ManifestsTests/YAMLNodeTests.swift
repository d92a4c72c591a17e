import JSON
import Manifests
import Testing

/// The expectations are what kubectl makes of the same text.
@Suite("A YAML value as JSON")
struct YAMLNodeTests {
    @Test(
        "is what Kubernetes' tools take it for",
        arguments: [
            (
                "[yes, No, on, OFF, y, n, True, FALSE, yEs]",
                #"[true,false,true,false,true,false,true,false,"yEs"]"#
            ),
            ("[null, ~, '', Null, nUll]", #"[null,null,"",null,"nUll"]"#),
            ("a:\nb: |\n  yes\nc: >\n  1\n", #"{"a":null,"b":"yes\n","c":"1\n"}"#),
            ("[1, -1, +1, 0, -0, 0777, 0o17, 0x1F, 0b101, -0x1f]", "[1,-1,1,0,0,511,15,31,5,-31]"),
            ("[1_000, 0_7, 00, 1__2, _1, 1_]", #"[1000,7,0,12,"_1",1]"#),
            ("[18446744073709551615, -9223372036854775808]", "[18446744073709551615,-9223372036854775808]"),
            (
                "[0x10000000000000000, 18446744073709551616]",
                #"["0x10000000000000000",1.8446744073709552e+19]"#
            ),
            (
                "[1.5, .5, 1., 1e3, -1.5e-3, 1_0.5, -.5, +.5, 08]",
                "[1.5,0.5,1.0,1000.0,-0.0015,10.5,-0.5,0.5,8.0]"
            ),
            (
                "[1e999, ., 1.2.3, -x, +, 0x, 0b, 1e, --1, +-1, 0x-1]",
                #"["1e999",".","1.2.3","-x","+","0x","0b","1e","--1","+-1","0x-1"]"#
            ),
            (
                "[2027-01-01, 2001-12-14T21:59:43Z, 12:30:45]",
                #"["2027-01-01","2001-12-14T21:59:43Z","12:30:45"]"#
            ),
            (#"['yes', "1", 'null', '~']"#, #"["yes","1","null","~"]"#),
            (
                "[!!str yes, !!str 1, !!bool 'yes', !!int '0x10', !!float 1, !!null '']",
                #"["yes","1",true,16,1,null]"#
            ),
            ("[!secret x, !!timestamp 2001-01-01, !!map {a: 1}]", #"["x","2001-01-01",{"a":1}]"#),
            (
                "{1: a, 0x10: b, on: c, 'off': d, 1.5: e, 010: f}",
                #"{"1":"a","16":"b","true":"c","off":"d","1.5":"e","8":"f"}"#
            ),
            ("a: &x [1]\nb: *x\n", #"{"a":[1],"b":[1]}"#),
            (#""\e\x7f\"é\\""#, #""\u001b\u007f\"é\\""#),
        ]
    )
    func meaning(_ text: String, _ expected: String) throws {
        let json = try root(text).json()
        #expect(String(decoding: json, as: UTF8.self) == expected)
        #expect(throws: Never.self) { try JSONDocument(json) }
    }

    @Test(
        "is refused where JSON has no such value",
        arguments: [
            ("a: .inf", "1:4"), ("- [.nan]", "1:4"), ("!!int x", "1:1"), ("a: !!bool 1", "1:4"),
            ("!!null x", "1:1"), ("!!int 1.5", "1:1"), ("{null: 1}", "1:2"), ("a:\n  ~: 1", "2:3"),
            ("a: !!binary eA==", "1:4"),
        ]
    )
    func refusal(_ text: String, _ place: String) {
        let error = #expect(throws: YAMLError.self) { try root(text).json() }
        #expect(error?.description.hasPrefix(place + ": ") ?? false)
    }

    @Test func `is refused when aliases make more than 8 MiB of it`() throws {
        let text =
            "a: &a \(String(repeating: "x", count: 1 << 20))\nb: [\(String(repeating: "*a, ", count: 90_000))]\n"
        let node = try root(text)
        let error = #expect(throws: YAMLError.self) { try node.json() }
        #expect(error?.what == "more than 8 MiB once its aliases are resolved" && error?.mark.line == 2)
    }

    @Test(
        "has its merge keys replaced by what they name",
        arguments: [
            ("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", #"{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}"#),
            ("a: &x {k: 1, l: 2}\nb: {k: 3, <<: *x}\n", #"{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}"#),
            (
                "a: &x {k: 1}\nb: &y {k: 2, l: 5}\nc: {<<: [*x, *y]}\n",
                #"{"a":{"k":1},"b":{"k":2,"l":5},"c":{"k":1,"l":5}}"#
            ),
            ("- {<<: {<<: {a: 1}, b: 2}, c: 3}", #"[{"c":3,"b":2,"a":1}]"#),
            ("{a: {!!merge <<: {k: 1}}, '<<': 2}", #"{"a":{"k":1},"<<":2}"#),
        ]
    )
    func merging(_ text: String, _ expected: String) throws {
        #expect(try String(decoding: root(text).merged().json(), as: UTF8.self) == expected)
    }

    @Test(
        "is refused when it merges what is no mapping",
        arguments: ["{<<: 1}", "{<<: [1]}", "{<<: [[{a: 1}]]}"]
    )
    func badMerge(_ text: String) {
        #expect(throws: YAMLError.self) { try root(text).merged() }
    }

    @Test(
        "says where a field is written",
        arguments: [
            ("spec.url", "5:8 u"), ("spec.secretRef", "6:14 {name: pat}"),
            ("spec.secretRef.name", "6:21 pat"),
            ("spec.list[1].env", "8:11 [x, y]"), ("spec.list[1].env[1]", "8:15 y"),
            ("spec.merged", "3:22 yes"), ("spec.list[2].merged", "3:22 yes"),
            ("metadata.annotations[a.b/c-d]", "2:35 v"),
            // What is not there is where it would be.
            ("spec.provider", "4:7 &s"), ("spec.list[9]", "7:9 [{}"),
            ("metadata.annotations[a.b/other]", "2:25 {a.b/c-d: v}"),
            ("nothing.at.all", "1:1 kind: X"),
        ]
    )
    func places(_ path: String, _ expected: String) throws {
        let text = """
            kind: X
            metadata: {annotations: {a.b/c-d: v}}
            base: &base {merged: yes}
            spec: &s
              url: u
              secretRef: {name: pat}
              list: [{},
                {env: [x, y]}, *base]
              <<: *base

            """
        let place = try root(text).merged().place(of: path)
        let written = text.utf8.dropFirst(place.value.start.offset)
        let found =
            "\(place.value.start.line):\(place.value.start.column) \(String(decoding: written, as: UTF8.self))"
        #expect(found.hasPrefix(expected))
    }

    private func root(_ text: String) throws -> YAMLNode {
        try #require(try YAMLDocument.parse(Array(text.utf8)).first).root
    }
}
