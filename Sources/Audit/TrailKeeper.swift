import HTTP
import Sockets
import Synchronization

/// Makes lines of entries, one after the other in one chain, and knows what of them is kept.
final class TrailKeeper: Sendable {
    /// Decisions that are not on record, by why.
    let losses = CounterTable<Loss>()
    private let instance: String
    private let failed: @Sendable (SystemError) -> Void
    private let state: Mutex<State>

    private struct State {
        var sink: any TrailSink
        var chain: Chain
        /// Losses that no line tells of yet.
        var untold: [Loss: Int] = [:]
    }

    init(
        _ sink: any TrailSink,
        _ chain: Chain,
        instance: String,
        failed: @escaping @Sendable (SystemError) -> Void
    ) {
        self.instance = instance
        self.failed = failed
        state = Mutex(State(sink: sink, chain: chain))
    }

    /// Notes that decisions were lost before they came here.
    func lose(_ count: Int, _ reason: Loss) {
        guard count > 0 else { return }
        losses.add(reason, count)
        state.withLock { $0.untold[reason, default: 0] += count }
    }

    /// Keeps the entries, behind a line for each kind of loss that is untold.
    func keep(_ entries: [TrailEntry]) {
        let failure = state.withLock { state in keep(entries, &state) }
        if let failure { failed(failure) }
    }

    private func keep(_ entries: [TrailEntry], _ state: inout State) -> SystemError? {
        let gaps = Loss.allCases.compactMap { reason in
            state.untold[reason].map { TrailEntry.gap(lost: $0, reason) }
        }
        let all = gaps + entries
        let now = Clock.wall
        // The chain after each line, so that it can stay where the last line is that is kept.
        var chains: [Chain] = []
        var chain = state.chain
        let lines = all.map { entry in
            let bytes = chain.line(entry, of: instance, at: entry.time ?? now)
            chains.append(chain)
            return TrailLine(bytes: bytes, sequence: chain.sequence)
        }
        let (kept, failure) = state.sink.write(lines)
        if kept > 0 { state.chain = chains[kept - 1] }
        for case .gap(_, let reason) in all[..<kept] { state.untold[reason] = nil }
        let lost = all[kept...].count { if case .decision = $0 { true } else { false } }
        if lost > 0 {
            let reason: Loss = failure?.isLackOfSpace == true ? .diskFull : .writeError
            losses.add(reason, lost)
            state.untold[reason, default: 0] += lost
        }
        return failure
    }
}
