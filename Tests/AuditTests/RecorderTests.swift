import Synchronization
import Testing

@testable import Audit

@Suite("A recorder")
struct RecorderTests {
    private final class Consumer: AuditConsumer {
        let seen = Mutex<(records: Int, lost: Int, batches: Int)>((0, 0, 0))

        func take(_ records: [AuditRecord], lost: Int) {
            seen.withLock { $0 = ($0.records + records.count, $0.lost + lost, $0.batches + 1) }
        }
    }

    @Test func `hands every record to every consumer, and says what it could not hold`() throws {
        let consumers = [Consumer(), Consumer()]
        let recorder = try Recorder(consumers)
        let record = try Fixture.record()
        for _ in 0..<5_000 { recorder.add(record) }
        recorder.flush()
        for consumer in consumers {
            let (records, lost, batches) = consumer.seen.withLock { $0 }
            #expect(records + lost == 5_000 && lost == recorder.dropped && lost > 0 && batches == 1)
        }
    }
}
