package import HTTP
package import JSON
import Sockets
import Synchronization
package import TLS

/// The API server of a cluster: where it is, who we are to it, and one request at a time.
///
/// Each of our writes may be sent twice, when a kept connection turns out to be closed: they are patches that say the
/// same again, updates that name a resource version, or creations that the server refuses the second time.
package final class APIServer: Sendable {
    package let endpoint: Endpoint
    /// The namespace that a kubeconfig's context or the pod is in.
    package let namespace: String
    /// Answers, by verb and status; 0 for none.
    package let requests = RequestCounts()
    private let proxy: Proxy?
    private let context: @Sendable () throws(ClusterError) -> ClientContext?
    /// What the server's certificate is for, if not for the endpoint's host.
    private let serverName: String?
    private let credentials: Credentials
    private let userAgent: String
    private let idle = Mutex<ClientConnection?>(nil)
    /// The server's clock less our monotonic one, in nanoseconds; 0 before its first answer.
    private let clockOffset = Atomic(0)

    package init(
        at endpoint: Endpoint,
        namespace: String,
        context: @escaping @Sendable () throws(ClusterError) -> ClientContext?,
        serverName: String? = nil,
        credentials: Credentials,
        proxy: Proxy? = nil,
        userAgent: String,
        patience: Int = APIServer.longPatience
    ) {
        self.patience = patience
        self.endpoint = endpoint
        self.namespace = namespace
        self.context = context
        self.serverName = serverName
        self.credentials = credentials
        self.proxy = proxy
        self.userAgent = userAgent
    }

    /// The present second, since 1970, by the server's clock as its last answer told it; ours before that.
    ///
    /// It is the server that judges certificates and leases, so its clock is the one that counts, and a step of ours
    /// changes nothing.
    package var now: Int {
        let offset = clockOffset.load(ordering: .relaxed)
        return (offset == 0 ? Clock.wall : Clock.monotonic + offset) / 1_000_000_000
    }

    /// How long a request may take, with all its tries, in nanoseconds.
    private let patience: Int
    /// That of who serves, and comes again.
    package static let longPatience = 30_000_000_000
    /// That of a command, at which somebody sits.
    package static let shortPatience = 5_000_000_000
    /// The most that an answer may have: a page of large objects.
    private static let answerLimit = 64 << 20

    /// Does a request and returns the object that answers it.
    ///
    /// - Throws: what the server says in the error, with verb and resource, or why it did not answer.
    ///
    /// What may pass by itself is tried again, unless it is to be known.
    package func send(_ request: APIRequest, retrying: Bool = true) throws(ClusterError) -> JSONDocument {
        let deadline = Clock.monotonic + patience
        var backoff = Backoff(first: 200_000_000, most: 5_000_000_000)
        while true {
            let failure: ClusterError
            var pause: Int?
            do throws(ClusterError) {
                var connection = try open(request, until: deadline)
                let answer = try finish(&connection.connection, connection.head, request, until: deadline)
                keep(connection.connection)
                return answer
            } catch {
                failure = error
                // 429 and 5xx with Retry-After say: not done, come again. So does a server that just restarts.
                let isPassing = error.status == nil || error.status == 429 || (error.status ?? 0) >= 500
                pause = isPassing && retrying ? backoff.next() : nil
            }
            guard let pause, Clock.monotonic + pause < deadline else { throw failure }
            Clock.sleep(milliseconds: pause / 1_000_000)
        }
    }

    /// The text at `path`, such as that of the server's own metrics.
    package func text(at path: String) throws(ClusterError) -> String {
        let request = APIRequest.discovery(path)
        let deadline = Clock.monotonic + patience
        var answering = try open(request, until: deadline)
        guard answering.head.status == 200 else {
            _ = try finish(&answering.connection, answering.head, request, until: deadline)
            throw ClusterError("\(request): \(answering.head.status)", status: answering.head.status)
        }
        do throws(ClientError) {
            let body = try answering.connection.readBody(limit: Self.answerLimit, until: deadline)
            keep(answering.connection)
            return String(decoding: body, as: UTF8.self)
        } catch {
            throw ClusterError("\(request): \(error)")
        }
    }

    /// Begins a watch: a request whose answer has no end.
    func stream(_ request: APIRequest, until deadline: Int) throws(ClusterError) -> ClientConnection {
        var connection = try open(request, until: min(deadline, Clock.monotonic + patience))
        guard connection.head.status == 200 else {
            _ = try finish(&connection.connection, connection.head, request, until: deadline)
            throw ClusterError("\(request): the watch has no events", status: connection.head.status)
        }
        return connection.connection
    }

    private struct Answering: ~Copyable {
        var connection: ClientConnection
        let head: ResponseHead
    }

    /// Sends the request on a kept connection or on another, and reads the head of the answer.
    private func open(_ request: APIRequest, until deadline: Int) throws(ClusterError) -> Answering {
        var mayRefresh = true
        while true {
            var message = request.message
            message.fields.append(("User-Agent", userAgent))
            if let token = try credentials.token() {
                message.fields.append(("Authorization", "Bearer \(token)"))
            }
            let answering: Answering
            do throws(ClientError) {
                answering = try exchange(message, until: deadline)
            } catch {
                requests.add(request.verb, 0)
                throw ClusterError("\(request): \(endpoint.authority): \(error)")
            }
            requests.add(request.verb, answering.head.status)
            if let date = answering.head.date {
                clockOffset.store(date * 1_000_000_000 - Clock.monotonic, ordering: .relaxed)
            }
            guard answering.head.status == 401, mayRefresh, credentials.refresh() else { return answering }
            mayRefresh = false
        }
    }

    private func exchange(_ message: ClientRequest, until deadline: Int) throws(ClientError) -> Answering {
        if var kept = idle.withLock({ $0.take() }) {
            do throws(ClientError) {
                let head = try kept.send(message, until: deadline)
                return Answering(connection: kept, head: head)
            } catch  where error.isUnanswered {
                // Closed while it lay idle.
            }
        }
        let context: ClientContext?
        do throws(ClusterError) {
            context = try self.context()
        } catch {
            throw ClientError(error.description)
        }
        var fresh = try ClientConnection.open(
            to: endpoint,
            through: proxy,
            context: context,
            name: serverName,
            until: deadline
        )
        let head = try fresh.send(message, until: deadline)
        return Answering(connection: fresh, head: head)
    }

    private func keep(_ connection: consuming ClientConnection) {
        guard connection.isFree else { return }
        var slot: ClientConnection? = consume connection
        idle.withLock { $0 = slot.take() }
    }

    private func finish(
        _ connection: inout ClientConnection,
        _ head: ResponseHead,
        _ request: APIRequest,
        until deadline: Int
    ) throws(ClusterError) -> JSONDocument {
        let body: [UInt8]
        do throws(ClientError) {
            body = try connection.readBody(limit: Self.answerLimit, until: deadline)
        } catch {
            throw ClusterError("\(request): \(error)")
        }
        let document = try? JSONDocument(body)
        guard 200...299 ~= head.status else {
            throw ClusterError(request, head.status, document, text: body)
        }
        guard let document, document.root.has(.object) else {
            throw ClusterError("\(request): the answer is no JSON object")
        }
        return document
    }
}

extension ClusterError {
    /// What the server says in a Status object (Kubernetes API conventions), or else in text.
    fileprivate init(_ request: APIRequest, _ status: Int, _ document: JSONDocument?, text: [UInt8]) {
        let root = document?.root
        let reason = (try? root?.member("reason"))??.string ?? ""
        let said = (try? root?.member("message"))??.string
        let plain = String(decoding: text.prefix(200), as: UTF8.self).filter { !$0.isNewline }
        self.init(
            "\(request): \(status) \(reason.isEmpty ? "" : reason + ": ")\(said ?? plain)",
            status: status,
            reason: reason
        )
    }
}
