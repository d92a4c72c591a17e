import Manifests
import Policy
import Scan
import TestSupport
import Testing

@Suite("A damaged manifest")
struct DamageTests {
    private static let sample = """
        apiVersion: v1
        kind: List
        items:
          - &one
            apiVersion: source.toolkit.fluxcd.io/v1beta2
            kind: GitRepository
            metadata: {name: fleet, namespace: apps}
            spec:
              url: "https://flux:token@dev.azure.com/contoso/shop/_git/fleet" # ours
              secretRef: {name: pat}
          - {<<: *one, metadata: {name: other}}
        ---
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        patches:
          - target: {kind: GitRepository}
            patch: |-
              - {op: add, path: /spec/secretRef, value: {name: x}}
        ---
        kind: Secret
        apiVersion: v1
        metadata: {name: pat}
        stringData: {password: >-
          token}

        """

    @Test func `is judged and mended or told of wherever it is cut off`() {
        let bytes = Array(Self.sample.utf8)
        for length in bytes.indices { survive(Array(bytes[..<length])) }
    }

    @Test(arguments: 1...8)
    func `is judged and mended or told of whatever became of its bytes`(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let telling = Array("[]{}:,-#&*!|>'\"%@`\n\r\t ?<~\\\0\u{85}\u{2028}\u{FEFF}😀".utf8)
        for _ in 0..<250 {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                let byte = telling.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                default: bytes.removeSubrange(place..<min(place + 9, bytes.count))
                }
            }
            survive(bytes)
        }
    }

    /// Scans and mends `bytes`, twice: the second time there is nothing left to mend.
    private func survive(_ bytes: [UInt8]) {
        let file = ManifestFile(path: "a.yaml", bytes: bytes)
        var kustomizations = Kustomizations()
        kustomizations.note(file)
        var scanner = Scanner(Evaluator(Policy()), kustomizations, at: 0)
        scanner.scan(file)
        let report = scanner.report()
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        #expect(report.findings.allSatisfy { (1...lines).contains($0.place?.line ?? 0) })
        let mender = Mender(Evaluator(Policy()), kustomizations, at: 0)
        let result = mender.mend(file)
        #expect(result.mended.isEmpty == (result.file.bytes == bytes))
        #expect(mender.mend(result.file).mended.isEmpty)
        _ = UnifiedDiff.text(from: file, to: result.file)
    }
}
