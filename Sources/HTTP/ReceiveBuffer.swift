/// The bytes of a connection that were received and are not yet answered.
///
/// While it reads, a connection borrows the buffer of its worker; it keeps bytes of its own only of a request
/// that is incomplete. So an idle connection holds none, and one that holds some is counted.
struct ReceiveBuffer {
    var bytes: [UInt8] = []
    private var isBorrowed = false
    /// What `bytes` count for in the sum of all connections.
    private var accounted = 0

    /// The most that one TLS record carries.
    static let readSize = 16 << 10

    /// Takes the worker's buffer, and puts what there is of an incomplete request into it.
    mutating func borrow(_ workspace: Workspace) {
        isBorrowed = bytes.count <= Workspace.bufferCapacity / 2
        guard isBorrowed else { return }
        swap(&bytes, &workspace.buffer)
        bytes.append(contentsOf: workspace.buffer)
    }

    /// Leaves the worker its buffer, and keeps what an incomplete request needs.
    mutating func giveBack(_ workspace: Workspace) {
        if isBorrowed {
            workspace.buffer = []
            if bytes.capacity <= 2 * Workspace.bufferCapacity {
                swap(&bytes, &workspace.buffer)
                // Not by Array(…), which would share the worker's storage, and keep all of it for one byte.
                bytes.reserveCapacity(workspace.buffer.count)
                bytes.append(contentsOf: workspace.buffer)
                workspace.buffer.removeAll(keepingCapacity: true)
            } else {
                // It has grown too large to lend out again.
                workspace.buffer.reserveCapacity(Workspace.bufferCapacity)
            }
        }
        if bytes.isEmpty {
            bytes = []
        }
        isBorrowed = false
        account(for: bytes.capacity, workspace)
    }

    /// Makes room for the next read of a request that has `most` bytes at most.
    mutating func makeRoom(for most: Int) {
        guard bytes.capacity - bytes.count < Self.readSize else { return }
        let doubled = max(2 * bytes.capacity, Workspace.bufferCapacity)
        bytes.reserveCapacity(max(min(doubled, most), bytes.count) + Self.readSize)
    }

    /// Forgets the first `count` bytes: that request is answered.
    mutating func consume(_ count: Int) {
        if count == bytes.count {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes.removeSubrange(..<count)
        }
    }

    /// Lets go of everything.
    mutating func drop(_ workspace: Workspace) {
        bytes = []
        account(for: 0, workspace)
    }

    private mutating func account(for capacity: Int, _ workspace: Workspace) {
        guard capacity != accounted else { return }
        workspace.service.statistics.buffered.add(capacity - accounted)
        accounted = capacity
    }
}
