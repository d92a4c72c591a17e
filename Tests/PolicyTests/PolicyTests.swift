import Testing

@testable import Policy

@Suite("A policy")
struct PolicyTests {
    @Test(
        "knows which days there are",
        arguments: [
            ("1970-01-01", 0), ("1999-12-31", 10_956), ("2000-02-29", 11_016), ("2024-02-29", 19_782),
            ("2026-11-23", 20_780), ("2027-01-01", 20_819), ("9999-12-31", 2_932_896), ("2026-02-29", nil),
            ("2100-02-29", nil), ("2026-13-01", nil), ("2026-00-01", nil), ("2026-01-00", nil),
            ("2026-1-1", nil),
            ("26-01-01", nil), ("2026/01/01", nil), ("+026-01-01", nil), ("٢٠٢٦-01-01", nil), ("", nil),
        ] as [(String, Int?)]
    )
    func days(_ text: String, _ number: Int?) {
        let day = Day(text)
        #expect(day?.number == number)
        if let day {
            #expect(day.description == text)
            #expect(Day(at: day.start) == day)
            #expect(Day(at: day.start + 86_399) == day)
            #expect(Day(at: day.start - 1).number == day.number - 1)
        }
    }

    @Test(
        "has globs in which only the star is special",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "a", true), ("a", "a", true),
            ("a", "A", false),
            ("a*", "a", true), ("*a", "ba", true), ("*a*b*", "xaybz", true), ("*ab", "aab", true),
            ("a*b", "ab", true),
            ("a*b", "abc", false), ("a*bc*d", "abbcxbcd", true), ("[a]", "a", false),
            ("\u{E9}", "e\u{301}", false),
            ("***", "abc", true), ("a**b", "ab", true),
        ]
    )
    func globs(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(Glob(pattern).matches(text) == isMatch)
    }

    @Test(
        "has globs that cover whatever a name may become",
        arguments: [
            ("*", "", true), ("*", "shop-", true), ("shop-*", "shop-", true), ("sh*", "shop-", true),
            ("s*p*", "shop-", true), ("shop-", "shop-", false), ("shop-a*", "shop-", false),
            ("*-", "shop-", false),
            ("shop-?????", "shop-", false), ("", "", false),
        ]
    )
    func covers(_ pattern: String, _ prefix: String, _ isMatch: Bool) {
        #expect(Glob(pattern).matchesEverything(beginningWith: prefix) == isMatch)
    }

    @Test(.timeLimit(.minutes(1))) func `has globs that take no long time`() {
        let glob = Glob(String(repeating: "*a", count: 50) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 5_000)))
    }

    @Test("documents every rule in full", arguments: RuleName.allCases)
    func documents(_ rule: RuleName) {
        let text = rule.documentation
        #expect(text.summary.hasSuffix("."))
        #expect(text.why.hasSuffix("."))
        #expect(!text.bad.isEmpty && !text.good.isEmpty && text.bad != text.good)
        #expect(text.exemption.contains("rules: [\(rule.rawValue)]"))
        #expect(text.exemption.contains("expires: "))
    }

    @Test func `knows a GUID when it sees one`() {
        #expect(WorkloadIdentity.isGUID("01234567-89ab-cdef-ABCD-EF0123456789"))
        for text in [
            "", "0123456789abcdefabcdef0123456789", "{01234567-89ab-cdef-abcd-ef0123456789}",
            "01234567-89ab-cdef-abcd-ef012345678", "01234567-89ab-cdef-abcd-ef012345678g",
            "01234567-89ab-cdef-abcd-ef0123456789 ", "01234567-89ab-cdefabcd-ef0123456789-",
        ] {
            #expect(!WorkloadIdentity.isGUID(text))
        }
    }
}
