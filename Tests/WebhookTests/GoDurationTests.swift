import Testing

@testable import Webhook

@Suite("A duration as Go writes it")
struct GoDurationTests {
    @Test(
        "is nanoseconds",
        arguments: [
            ("1ns", 1), ("10us", 10_000), ("3ms", 3_000_000), ("1s", 1_000_000_000), ("3s", 3_000_000_000),
            ("30s", 30_000_000_000), ("1m", 60_000_000_000), ("1m30s", 90_000_000_000),
            ("1h0m0.5s", 3_600_500_000_000), ("1.5s", 1_500_000_000), (".5s", 500_000_000),
            ("2.s", 2_000_000_000),
            ("1.000000001s", 1_000_000_001), ("100h", 360_000_000_000_000), ("0h1s", 1_000_000_000),
        ]
    )
    func good(_ text: String, _ nanoseconds: Int) {
        #expect(GoDuration.nanoseconds(Array(text.utf8)[...]) == nanoseconds)
    }

    @Test(arguments: [
        "", "0", "0s", "3", "s", "ms", ".s", "-1s", "+1s", "1 s", " 1s", "1s ", "1S", "1sec", "1d", "1ss",
        "1hs", "1e3s",
        "0x1s", "1,5s", "1..5s", "1.5.5s", "3s4", "99999999999999999999s", "9999999999h", "1s\0", "∞s",
        "NaNs", "infs",
    ])
    func `is nothing else`(text: String) {
        #expect(GoDuration.nanoseconds(Array(text.utf8)[...]) == nil)
    }
}
