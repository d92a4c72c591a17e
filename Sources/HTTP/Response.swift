/// What is answered to a request.
package struct Response {
    package enum ContentType: Sendable {
        case html
        case json
        case text
        /// Prometheus' text format 0.0.4.
        case metrics
    }

    package var status: Status = .ok
    package var contentType: ContentType = .json
    package var body: [UInt8] = []
    /// Whole seconds, the only form that the API server honours; it then asks again.
    package var retryAfter: Int?
    /// The only method that the path knows, for a 405.
    package var allow: StaticString?
    /// More header fields.
    package var fields: [(name: StaticString, value: String)] = []
    /// Whether the connection ends with this response.
    package var close = false

    package init() {}

    /// Forgets everything but the room that it has grown.
    mutating func reset() {
        status = .ok
        contentType = .json
        body.removeAll(keepingCapacity: true)
        retryAfter = nil
        allow = nil
        fields.removeAll(keepingCapacity: true)
        close = false
    }

    /// Answers with a reason in plain text, which the API server shows to its user.
    package mutating func refuse(_ refusal: Refusal) {
        status = refusal.status
        contentType = .text
        body.removeAll(keepingCapacity: true)
        body.append(contentsOf: refusal.reason.utf8)
        body.append(UInt8(ascii: "\n"))
    }

    /// Appends the response as it goes over the wire.
    func write(to output: inout [UInt8], date: [UInt8], omittingBody: Bool) {
        output.append("HTTP/1.1 ")
        output.append(decimal: status.rawValue)
        output.append(" ")
        output.append(status.reason)
        output.append("\r\nContent-Type: ")
        switch contentType {
        case .html: output.append("text/html; charset=utf-8")
        case .json: output.append("application/json")
        case .text: output.append("text/plain; charset=utf-8")
        case .metrics: output.append("text/plain; version=0.0.4; charset=utf-8")
        }
        output.append("\r\nDate: ")
        output.append(contentsOf: date)
        output.append("\r\nContent-Length: ")
        output.append(decimal: body.count)
        if let retryAfter {
            output.append("\r\nRetry-After: ")
            output.append(decimal: retryAfter)
        }
        if let allow {
            output.append("\r\nAllow: ")
            output.append(allow)
        }
        for (name, value) in fields {
            output.append("\r\n")
            output.append(name)
            output.append(": ")
            output.append(contentsOf: value.utf8)
        }
        if close {
            output.append("\r\nConnection: close")
        }
        output.append("\r\n\r\n")
        if !omittingBody {
            output.append(contentsOf: body)
        }
    }
}

extension [UInt8] {
    /// Appends a number that is not negative.
    mutating func append(decimal number: Int) {
        if number >= 10 {
            append(decimal: number / 10)
        }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
