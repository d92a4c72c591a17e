import Markup
import Testing

@Suite("HTML")
struct HTMLTests {
    @Test(
        "escapes what stands between tags and in attributes",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onmouseover=\"x", "&quot; onmouseover=&quot;x"),
            ("' autofocus onfocus='x", "&#39; autofocus onfocus=&#39;x"),
            ("&lt;b&gt; & <b>", "&amp;lt;b&amp;gt; &amp; &lt;b&gt;"),
            (
                "zero\u{0} escape\u{1B}[31m del\u{7F} next\u{85}",
                "zero\u{FFFD} escape\u{FFFD}[31m del\u{FFFD} next\u{FFFD}"
            ),
            ("\u{202E}gnp.exe\u{2066}\u{200F}", "\u{FFFD}gnp.exe\u{FFFD}\u{FFFD}"),
            ("café – 漢字 👩‍💻 a<\u{301}", "café – 漢字 👩‍💻 a&lt;\u{301}"),
        ]
    )
    func escapes(text: String, escaped: String) {
        #expect(("<p title=\"\(text)\">\(text)</p>" as HTML).text == "<p title=\"\(escaped)\">\(escaped)</p>")
    }

    @Test func `keeps what is HTML already`() {
        let name: HTML = "<b>\("a<b")</b>"
        #expect(
            ("<p>\(name)\([name, name]) \(12)</p>" as HTML).text
                == "<p><b>a&lt;b</b><b>a&lt;b</b><b>a&lt;b</b> 12</p>"
        )
    }
}
