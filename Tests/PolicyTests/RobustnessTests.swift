import Kubernetes
import Policy
import Testing

@Suite("A review with broken bytes")
struct RobustnessTests {
    @Test func `never crashes a decision, and is never answered with a patch that was not asked for`() throws {
        let spec = #""url":"https://u%3A:p@dev.azure.com:443/o/p/_git/r?sig=1#x","secretRef":{"name":"pat"}"#
        let review = try Fixture.review(Fixture.repository(spec), old: Fixture.repository(spec))
        let original = review.uid.document.bytes
        let evaluator = Evaluator(Policy())
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("\"\\{}[]:,/@?#%u0n\u{0}\u{7F}é ".utf8)
        for _ in 0..<5_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            guard let broken = try? AdmissionReview(bytes) else { continue }
            guard let verdict = try? evaluator.validate(broken, at: Fixture.now) else { continue }
            #expect(verdict.patch.isEmpty)
            _ = Fixture.written(verdict, broken)
            _ = try? evaluator.mutate(broken, at: Fixture.now)
        }
    }
}
