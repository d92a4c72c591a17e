import Manifests
import TestSupport
import Testing

@Suite("A damaged policy file")
struct DamageTests {
    @Test func `is read or refused wherever it is cut off`() {
        let bytes = Array(Sample.full.utf8)
        for length in bytes.indices { survive(Array(bytes[..<length])) }
    }

    @Test(arguments: 1...8)
    func `is read or refused whatever became of its bytes`(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let telling = Array("[]{}:,-#&*!|>'\"%@`\n\r\t ?<~\\\0\u{85}\u{2028}\u{FEFF}😀".utf8)
        for _ in 0..<500 {
            var bytes = Array(Sample.full.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                let byte = Bool.random(using: &random) ? telling.randomElement(using: &random) : nil
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = byte ?? UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(byte ?? UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.removeSubrange(place..<min(place + 9, bytes.count))
                }
            }
            survive(bytes)
        }
    }

    /// Reads `bytes`; when they are refused, every problem is at a place inside them, in order.
    private func survive(_ bytes: [UInt8]) {
        do throws(PolicyFileError) {
            _ = try PolicyFile.parse(bytes, name: "p")
        } catch {
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
            #expect(!error.problems.isEmpty)
            #expect(error.problems.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 })
            #expect(zip(error.problems, error.problems.dropFirst()).allSatisfy { $0.line <= $1.line })
        }
    }
}
