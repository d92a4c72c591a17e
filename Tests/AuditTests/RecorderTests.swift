import Audit
import HTTP
import Testing

@Suite struct RecorderTests {
    @Test func `what was recorded reaches every consumer`() throws {
        let recorder = try Recorder([])
        recorder.flush()
        #expect(recorder.dropped.value == 0)
    }
}
