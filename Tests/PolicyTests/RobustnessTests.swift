import JSON
import Kubernetes
import Policy
import Testing

@Suite("A review with broken bytes")
struct RobustnessTests {
    @Test func `never crashes a decision`() throws {
        let spec = #""url":"https://u%3A:p@dev.azure.com:443/o/p/_git/r?sig=1#x","secretRef":{"name":"pat"}"#
        let review = try Fixture.review(Fixture.repository(spec), old: Fixture.repository(spec))
        let original = review.uid.document.bytes
        let evaluator = Evaluator(Policy())
        let alphabet = Array("\"\\{}[]:,/@?#%u0n\u{0}\u{7F}é ".utf8)
        // The same sequence in every run.
        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<5_000 {
            var bytes = original
            for _ in 0...random(3) { bytes[random(bytes.count)] = alphabet[random(alphabet.count)] }
            guard let broken = try? AdmissionReview(bytes) else { continue }
            guard let verdict = try? evaluator.validate(broken, at: Fixture.now) else { continue }
            #expect(verdict.patch.isEmpty)
            _ = Fixture.written(verdict, broken)
            _ = try? evaluator.mutate(broken, at: Fixture.now)
        }
    }
}
