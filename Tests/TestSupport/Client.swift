import COpenSSL
import Glibc
import Sockets

/// A client of the server under test, on a blocking socket of the loopback interface.
///
/// Whatever it waits for has 20 seconds, more under a sanitizer; then it throws `Trouble`.
package final class Client {
    private let descriptor: CInt
    private let session: Session?
    private var received: [UInt8] = []

    /// Connects to `port`, and shakes hands when there is `tls`.
    package convenience init(_ port: UInt16, tls: ClientTLS? = nil, receiveBuffer: CInt? = nil) throws {
        // The server's patience begins with the connection.
        try tls?.prepare()
        try self.init(taking: try Self.connect(port, receiveBuffer: receiveBuffer), tls: tls)
    }

    /// Takes a socket that is connected.
    package init(taking descriptor: CInt, tls: ClientTLS? = nil) throws {
        // OpenSSL writes with write(2).
        signal(SIGPIPE, SIG_IGN)
        self.descriptor = descriptor
        var patience = timeval(tv_sec: 20 * Deadline.slowness, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        do {
            session = try tls.map { try Session($0, descriptor) }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        session?.free()
        close(descriptor)
    }

    private static func connect(_ port: UInt16, receiveBuffer: CInt?) throws -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard answer == 0 else {
            let error = SystemError("connect to \(port)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    // MARK: Bytes

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = write(bytes[sent...])
            guard count > 0 else { throw SystemError("send") }
            sent += count
        }
    }

    /// Sends all that the server takes of `bytes`; false when it hung up before the end.
    package func trySend(_ bytes: [UInt8]) -> Bool {
        (try? send(bytes)) != nil
    }

    /// Sends bytes past TLS.
    package func sendRaw(_ bytes: [UInt8]) {
        Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    /// Says that nothing more will be sent, and goes on reading.
    package func finishSending() {
        session?.finish()
        shutdown(descriptor, CInt(SHUT_WR))
    }

    private func write(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { bytes in
            session?.write(bytes)
                ?? Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        }
    }

    /// Reads what comes next; false at the end of the connection, however it ended.
    private func receive() throws -> Bool {
        var scratch = [UInt8](repeating: 0, count: 65_536)
        let count = scratch.withUnsafeMutableBytes { scratch in
            session?.read(scratch) ?? recv(descriptor, scratch.baseAddress, scratch.count, 0)
        }
        guard count >= 0 || errno != EAGAIN else { throw Trouble("the server has not answered in time") }
        received += scratch.prefix(max(count, 0))
        return count > 0
    }

    /// Everything up to the end of the connection.
    package func readToEnd() throws -> String {
        while try receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Waits until the server has closed, having sent nothing more.
    package func waitForClose() throws -> Bool {
        try readToEnd().isEmpty
    }

    // MARK: Replies

    /// A response, as it came.
    package struct Reply: Equatable {
        package let status: Int
        package let head: String
        package let body: [UInt8]

        package var text: String {
            String(decoding: body, as: UTF8.self)
        }

        /// The value of the field `name`, which is lower-case; nil without one.
        package subscript(name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name {
                    return String(parts[1].drop { $0 == " " })
                }
            }
            return nil
        }
    }

    /// Sends a request and reads its response.
    package func request(_ text: String) throws -> Reply {
        try send(text)
        return try reply()
    }

    /// The next response; `omitsBody` for one to HEAD.
    package func reply(omitsBody: Bool = false) throws -> Reply {
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let line = head.prefix { $0 != "\r\n" }.split(separator: " ")
                guard line.count >= 2, line[0] == "HTTP/1.1", let status = Int(line[1]) else {
                    throw Trouble("no response: \(head)")
                }
                let bare = Reply(status: status, head: head, body: [])
                let length = omitsBody || status == 100 ? 0 : Int(bare["content-length"] ?? "") ?? 0
                if received.count >= end + length {
                    defer { received.removeSubrange(..<(end + length)) }
                    return Reply(status: status, head: head, body: Array(received[end..<end + length]))
                }
            }
            guard try receive() else {
                throw Trouble("the connection ended after \(String(decoding: received, as: UTF8.self))")
            }
        }
    }

    // MARK: TLS

    /// Such as `TLSv1.3`.
    package var tlsVersion: String {
        session?.version ?? ""
    }

    /// What ALPN has chosen; empty for nothing.
    package var applicationProtocol: String {
        session?.applicationProtocol ?? ""
    }

    /// The common name of the server's certificate.
    package var serverName: String {
        session?.serverName ?? ""
    }

    /// How many certificates the server has sent.
    package var chainLength: Int {
        session?.chainLength ?? 0
    }

    package var isResumed: Bool {
        session?.isResumed ?? false
    }

    /// What a later connection resumes with.
    package func ticket() -> ClientTLS.Ticket? {
        session?.ticket()
    }
}
