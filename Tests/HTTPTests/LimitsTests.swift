import HTTP
import Testing

/// What a stuck connection holds (Tests/Chaos measures it) times how many there may be, and what is being received, must
/// leave room for the program.
@Suite struct LimitsTests {
    @Test(
        "what all connections together may hold fits into the memory of the container",
        arguments: [64, 128, 256, 512, 1024]
    )
    func fit(megabytes: Int) {
        let memory = megabytes << 20
        let limits = Limits(memory: memory)
        #expect(limits.connections * (40 << 10) + limits.bufferedBytes <= memory * 3 / 4)
    }

    @Test("much memory, or no bound on it, changes nothing", arguments: [nil, 8 << 30] as [Int?])
    func roomy(memory: Int?) {
        let limits = Limits(memory: memory)
        #expect(limits.connections == Limits().connections)
        #expect(limits.bufferedBytes == Limits().bufferedBytes)
    }

    @Test("however little memory there is, a request of full size and the API server's connections are taken")
    func least() {
        let limits = Limits(memory: 1 << 20)
        #expect(limits.bufferedBytes > limits.bodyBytes)
        #expect(limits.connections == 256)
    }
}
