import Sockets
package import TLS

/// A request that we send.
package struct ClientRequest: Sendable {
    package var method: String
    /// The path and, behind a `?`, the query; both encoded.
    package var target: String
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]

    package init(_ method: String, _ target: String, fields: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// The request as it is sent to `endpoint`.
    fileprivate func text(to endpoint: Endpoint) -> [UInt8] {
        var text = "\(method) \(endpoint.basePath)\(target) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n"
        for (name, value) in fields {
            text += "\(name): \(value)\r\n"
        }
        if !body.isEmpty || method != "GET" {
            text += "Content-Length: \(body.count)\r\n"
        }
        return Array(text.utf8) + Array("\r\n".utf8) + body
    }
}

/// One connection to a server, that carries one request after another.
///
/// A request is sent, and then its answer is read to its end, before the next one. Deadlines are moments on the
/// monotonic clock, in nanoseconds.
package struct ClientConnection: ~Copyable, Sendable {
    private let endpoint: Endpoint
    private var stream: ClientStream
    private var received: [UInt8] = []
    private var body: ResponseBody?
    private var keepsAlive = true

    /// Connects to `endpoint`, through `proxy` if there is one.
    ///
    /// The server must have a certificate of the context's authorities for `name`, or for its host without one.
    package static func open(
        to endpoint: Endpoint,
        through proxy: Proxy? = nil,
        context: ClientContext?,
        name: String? = nil,
        until deadline: Int
    ) throws(ClientError) -> ClientConnection {
        let socket = try connect(to: proxy?.endpoint ?? endpoint, until: deadline)
        var connection = ClientConnection(ClientStream(socket), to: endpoint)
        if endpoint.isTLS {
            guard let context else { throw ClientError("no certificate authorities for \(endpoint)") }
            try connection.startTLS(through: proxy, context, name ?? endpoint.host, until: deadline)
        }
        return connection
    }

    private init(_ stream: consuming ClientStream, to endpoint: Endpoint) {
        self.stream = stream
        self.endpoint = endpoint
    }

    private static func connect(to endpoint: Endpoint, until deadline: Int) throws(ClientError) -> Socket {
        do throws(SystemError) {
            return try Socket.connect(to: endpoint.host, port: endpoint.port, until: deadline)
        } catch {
            throw ClientError(error.description)
        }
    }

    private mutating func startTLS(
        through proxy: Proxy?,
        _ context: ClientContext,
        _ name: String,
        until deadline: Int
    ) throws(ClientError) {
        if let proxy {
            try openTunnel(proxy, until: deadline)
        }
        do throws(TLSError) {
            try stream.startTLS(with: context, name: name, until: deadline)
        } catch {
            throw ClientError(error.description)
        }
    }

    /// Whether another request may be sent: the last answer was read whole, and the server has not said goodbye.
    package var isFree: Bool {
        keepsAlive && (body?.isOver ?? true)
    }

    /// Sends a request and reads the head of its answer.
    package mutating func send(_ request: ClientRequest, until deadline: Int) throws(ClientError)
        -> ResponseHead
    {
        do throws(TLSError) {
            guard try stream.write(request.text(to: endpoint), until: deadline) else {
                throw TLSError("closed")
            }
        } catch {
            keepsAlive = false
            throw unanswered
        }
        let head = try readHead(until: deadline)
        keepsAlive = head.keepsAlive
        body = try ResponseBody(after: head, to: request.method)
        return head
    }

    /// The next bytes of the answer's body, as they arrive; nil at its end.
    package mutating func readPart(until deadline: Int) throws(ClientError) -> [UInt8]? {
        guard var body = body.take() else { return nil }
        defer { self.body = body }
        while true {
            let part = try body.take(from: &received)
            if !part.isEmpty { return part }
            if body.isOver { return nil }
            if try !receive(until: deadline) {
                keepsAlive = false
                try body.end()
            }
        }
    }

    /// The rest of the answer's body, of at most `limit` bytes.
    package mutating func readBody(limit: Int, until deadline: Int) throws(ClientError) -> [UInt8] {
        var whole: [UInt8] = []
        while let part = try readPart(until: deadline) {
            whole += part
            guard whole.count <= limit else {
                keepsAlive = false
                throw ClientError("the answer is larger than \(limit) bytes")
            }
        }
        return whole
    }

    private mutating func readHead(until deadline: Int) throws(ClientError) -> ResponseHead {
        while true {
            if let head = try ResponseHead(taking: &received) {
                // 100 and 103 announce; the answer follows. 101 would be another protocol.
                if head.status >= 200 { return head }
                guard head.status != 101 else { throw ClientError("the server changes the protocol") }
                continue
            }
            let isFirst = received.isEmpty
            guard try receive(until: deadline) else {
                keepsAlive = false
                throw isFirst ? unanswered : ClientError("the connection ended within an answer")
            }
        }
    }

    private var unanswered: ClientError {
        var error = ClientError("\(endpoint.authority) closed the connection without an answer")
        error.isUnanswered = true
        return error
    }

    /// Waits for more bytes; false at the end of the connection.
    private mutating func receive(until deadline: Int) throws(ClientError) -> Bool {
        do throws(TLSError) {
            return try stream.read(into: &received, limit: 16 << 10, until: deadline) > 0
        } catch {
            keepsAlive = false
            throw ClientError("\(endpoint.authority): \(error)")
        }
    }

    /// Asks the proxy for a connection to the endpoint (RFC 9110, section 9.3.6).
    private mutating func openTunnel(_ proxy: Proxy, until deadline: Int) throws(ClientError) {
        let request =
            "CONNECT \(endpoint.authority) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n"
            + (proxy.authorization.map { "Proxy-Authorization: \($0)\r\n" } ?? "") + "\r\n"
        do throws(TLSError) {
            _ = try stream.write(Array(request.utf8), until: deadline)
        } catch {
            throw ClientError("the proxy \(proxy.endpoint): \(error)")
        }
        let head = try readHead(until: deadline)
        guard 200...299 ~= head.status, received.isEmpty else {
            throw ClientError(
                "the proxy \(proxy.endpoint) refused a connection to \(endpoint.authority): \(head.status)"
            )
        }
    }
}
