@testable import HTTP

/// Some bytes that a peer may send, and what they must come to.
struct Message: CustomStringConvertible {
    let text: String
    let expected: Reading
    /// Why we refuse what a lenient reader, such as PyPI's h11, takes; nil where it must agree.
    let stricter: String?

    var description: String {
        text.utf8.count < 200
            ? text.debugDescription : "\(text.prefix(60).debugDescription)… (\(text.utf8.count) bytes)"
    }

    static let all = good + malformed + smuggled + versions + chunks + overLimits
}

extension Message {
    private static let host = "Host: x\r\n"

    private static func served(_ text: String, _ requests: [String], _ end: Reading.End = .clean) -> Message {
        Message(text: text, expected: Reading(requests, end), stricter: nil)
    }

    private static func refused(_ text: String, _ status: Status = .badRequest, stricter: String? = nil)
        -> Message
    {
        Message(text: text, expected: Reading([], .refused(status)), stricter: stricter)
    }

    private static func post(_ fields: String, _ body: String = "") -> String {
        "POST /v HTTP/1.1\r\n\(host)\(fields)\r\n\(body)"
    }

    private static func chunked(_ body: String) -> String {
        post("Transfer-Encoding: chunked\r\n", body)
    }

    static let good = [
        served("GET / HTTP/1.1\r\n\(host)\r\n", ["GET / "]),
        served("GET /v?timeout=3s HTTP/1.1\r\n\(host)\r\n", ["GET /v?timeout=3s "]),
        served("GET /v?a?b=/c HTTP/1.1\r\nhOST:x\r\n\r\n", ["GET /v?a?b=/c "]),
        served("GET / HTTP/1.1\r\nHost:\r\n\r\n", ["GET / "]),
        served("get /~a%20b HTTP/1.1\r\n\(host)X-Empty:\r\nX-Blank: \t a \t b \t\r\n\r\n", ["get /~a%20b "]),
        served(post("Content-Length: 5\r\n", "hello"), ["POST /v hello"]),
        served(post("content-length:\t005 \r\n", "hello"), ["POST /v hello"]),
        served(post("Content-Length: 0\r\n"), ["POST /v "]),
        served(post("Content-Type: application/json\r\nContent-Length: 2\r\n", "{}"), ["POST /v {}"]),
        served(post("Content-Encoding: identity\r\nContent-Length: 2\r\n", "{}"), ["POST /v {}"]),
        served(post("Connection: close\r\nContent-Length: 1\r\n", "x"), ["POST /v x"], .closed),
        served(post("Connection: keep-alive , Close\r\nContent-Length: 1\r\n", "x"), ["POST /v x"], .closed),
        served(post("Connection: closed\r\nContent-Length: 1\r\n", "x"), ["POST /v x"]),
        served(
            post("Content-Length: 1\r\n", "a") + "GET /b HTTP/1.1\r\n\(host)\r\n"
                + chunked("1\r\nc\r\n0\r\n\r\n"),
            ["POST /v a", "GET /b ", "POST /v c"]
        ),
        served("X-Y!#$%&'*+.^_`|~9 / HTTP/1.1\r\n\(host)\r\n", ["X-Y!#$%&'*+.^_`|~9 / "]),
        served(post("Content-Length: 5\r\n", "hel"), [], .incomplete),
        served("GET / HTTP/1.1\r\n\(host)", [], .incomplete),
    ]

    static let malformed = [
        refused(
            "GET / HTTP/1.1\n\(host)\r\n",
            stricter: "RFC 9112, 2.2: a lone LF may be taken for a line's end"
        ),
        refused(
            "GET / HTTP/1.1\r\nHost: x\n\r\n",
            stricter: "RFC 9112, 2.2: a lone LF may be taken for a line's end"
        ),
        refused("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
        refused("GET / HTTP/1.1\r\nHost: x\r\rA: b\r\n\r\n"),
        refused("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n"),
        refused(
            "GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n",
            stricter: "RFC 9110, 5.5: such bytes are invalid and a danger"
        ),
        refused(
            "GET / HTTP/1.1\r\nHost: x\r\nA: \u{7F}\r\n\r\n",
            stricter: "RFC 9110, 5.5: such bytes are invalid and a danger"
        ),
        refused("GET /\0 HTTP/1.1\r\n\(host)\r\n"),
        refused("GET /é HTTP/1.1\r\n\(host)\r\n"),
        refused(
            "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
            stricter: "RFC 9112, 5.2: a folded line is refused or unfolded"
        ),
        refused("GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        refused("GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        refused("GET / HTTP/1.1\r\nHost\t: x\r\n\r\n"),
        refused("GET / HTTP/1.1\r\nHost x\r\n\r\n"),
        refused("GET / HTTP/1.1\r\n: x\r\n\(host)\r\n"),
        refused("GET / HTTP/1.1\r\nH(st: x\r\n\(host)\r\n"),
        refused("GET / HTTP/1.1\r\nÄ: x\r\n\(host)\r\n"),
        refused("GET / HTTP/1.1\r\n\r\n"),
        refused("GET / HTTP/1.1\r\n\(host)\(host)\r\n"),
        refused("GET\t/ HTTP/1.1\r\n\(host)\r\n"),
        refused("GET /\tHTTP/1.1\r\n\(host)\r\n"),
        refused("GET  / HTTP/1.1\r\n\(host)\r\n"),
        refused("GET /  HTTP/1.1\r\n\(host)\r\n"),
        refused("GET / HTTP/1.1 \r\n\(host)\r\n"),
        refused("GET / a HTTP/1.1\r\n\(host)\r\n"),
        refused(" GET / HTTP/1.1\r\n\(host)\r\n"),
        refused("\r\nGET / HTTP/1.1\r\n\(host)\r\n"),
        refused("\u{16}\u{3}\u{1}\r\n\r\n"),
        refused("GET\r\n\(host)\r\n"),
        refused("GET /\r\n\r\n"),
        refused("G(T / HTTP/1.1\r\n\(host)\r\n"),
        refused(
            "GET http://x/ HTTP/1.1\r\n\(host)\r\n",
            stricter:
                "RFC 9112, 3.2.2 has origin servers take it; it names a second host, and only proxies are sent it"
        ),
        refused(
            "OPTIONS * HTTP/1.1\r\n\(host)\r\n",
            stricter: "RFC 9112, 3.2.4: about the server as a whole there is nothing to say"
        ),
        refused("CONNECT x:443 HTTP/1.1\r\n\(host)\r\n", stricter: "RFC 9110, 9.3.6: this is no proxy"),
        refused(
            post("Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"),
            stricter: "RFC 9110, 8.3: one field, or recipients disagree which one counts"
        ),
        refused(
            post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"),
            .unsupportedMediaType,
            stricter: "RFC 9110, 8.4: a coding that is not acceptable may be answered with 415"
        ),
        refused(
            post("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"),
            .expectationFailed,
            stricter: "RFC 9110, 10.1.1: an expectation that is not known may be answered with 417"
        ),
    ]

    static let smuggled =
        [
            refused(
                post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                stricter: "RFC 9112, 6.3: both length and coding ought to be handled as an error"
            ),
            refused(
                post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                stricter: "RFC 9112, 6.3: both length and coding ought to be handled as an error"
            ),
            refused(
                post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
                stricter: "RFC 9110, 8.6: the same length twice is refused or joined"
            ),
            refused(post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!")),
            refused(
                post("Content-Length: 5, 5\r\n", "hello"),
                stricter: "RFC 9110, 8.6: the same length twice is refused or joined"
            ),
            refused(
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                stricter: nil
            ),
            refused(post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding: identity\r\nContent-Length: 1\r\n", "x"), .notImplemented),
            refused(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding: chunked\u{B}\r\n", "0\r\n\r\n")),
            refused(post("Transfer-Encoding:\r\n", "0\r\n\r\n"), .notImplemented),
            refused(post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
            refused(post("Content-Length: +5\r\n", "hello")),
            refused(post("Content-Length: -5\r\n", "hello")),
            refused(post("Content-Length: 0x5\r\n", "hello")),
            refused(post("Content-Length: 5.0\r\n", "hello")),
            refused(post("Content-Length: 5 5\r\n", "hello")),
            refused(post("Content-Length: 5;\r\n", "hello")),
            refused(post("Content-Length: five\r\n", "hello")),
            refused(post("Content-Length:\r\n", "hello")),
            refused(post("Content-Length: \u{0665}\r\n", "hello")),
            refused(
                post("Content-Length: 18446744073709551621\r\n", "hello"),
                stricter: "no body is that long"
            ),
            refused(post("Content-Length: 99999999999999999999999999\r\n", "hello")),
        ] + [
            served(post("Transfer-Encoding:   chunked\t\r\n", "1\r\na\r\n0\r\n\r\n"), ["POST /v a"]),
            served(post("transfer-encoding: CHUNKED\r\n", "1\r\na\r\n0\r\n\r\n"), ["POST /v a"]),
            // No length is no body: what follows is the next request.
            served(post("") + "GET /next HTTP/1.1\r\n\(host)\r\n", ["POST /v ", "GET /next "]),
        ]

    static let versions = [
        served("GET / HTTP/1.0\r\n\r\n", ["GET / "], .closed),
        served("GET / HTTP/1.0\r\n\(host)Connection: keep-alive\r\n\r\n", ["GET / "], .closed),
        refused("GET / HTTP/1.0\r\n\(host)\(host)\r\n"),
        refused(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            stricter: "RFC 9112, 6.1: with a coding in HTTP/1.0 the framing is faulty"
        ),
        refused("GET / HTTP/2.0\r\n\(host)\r\n", .versionNotSupported, stricter: "HTTP/2 has other frames"),
        refused("GET / HTTP/1.2\r\n\(host)\r\n", .versionNotSupported, stricter: "there is no such version"),
        refused("GET / HTTP/0.9\r\n\(host)\r\n", .versionNotSupported, stricter: "it has no fields"),
        refused("PRI * HTTP/2.0\r\n\r\n", stricter: "it begins HTTP/2, which has other frames"),
        refused("GET / http/1.1\r\n\(host)\r\n"),
        refused("GET / HTTP/1.10\r\n\(host)\r\n"),
        refused("GET / HTTP/11\r\n\(host)\r\n"),
        refused("GET / HTTPS/1.1\r\n\(host)\r\n"),
        refused("GET / \r\n\(host)\r\n"),
    ]

    static let chunks = [
        served(chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), ["POST /v hello world"]),
        served(chunked("0\r\n\r\n"), ["POST /v "]),
        served(chunked("A\r\n0123456789\r\n00\r\n\r\n"), ["POST /v 0123456789"]),
        served(chunked("a;name=value\r\n0123456789\r\n0;last\r\n\r\n"), ["POST /v 0123456789"]),
        served(chunked("1;a=\"b;\\\"c\"\r\nx\r\n0\r\n\r\n"), ["POST /v x"]),
        served(chunked("1\r\nx\r\n0\r\nTrailer: ignored\r\nA: b\r\n\r\n"), ["POST /v x"]),
        // A trailer cannot say later what the head did not.
        served(
            chunked("1\r\nx\r\n0\r\nContent-Length: 9\r\nHost: y\r\n\r\nGET /b HTTP/1.1\r\n\(host)\r\n"),
            ["POST /v x", "GET /b "]
        ),
        served(chunked("5\r\nhel"), [], .incomplete),
        served(chunked("0\r\n"), [], .incomplete),
        refused(chunked("5\r\nhelloX\r\n0\r\n\r\n")),
        refused(chunked("5\r\nhello!\r\n0\r\n\r\n")),
        refused(chunked("4\r\nhello\r\n0\r\n\r\n")),
        refused(chunked("5\r\nhello\n0\r\n\r\n")),
        refused(chunked("5\nhello\r\n0\r\n\r\n")),
        refused(chunked("x\r\nhello\r\n0\r\n\r\n")),
        refused(chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        refused(chunked("+5\r\nhello\r\n0\r\n\r\n")),
        refused(chunked("-5\r\nhello\r\n0\r\n\r\n")),
        refused(chunked(" 5\r\nhello\r\n0\r\n\r\n")),
        refused(chunked("\r\nhello\r\n0\r\n\r\n")),
        refused(chunked(";a\r\nhello\r\n0\r\n\r\n")),
        refused(
            chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"),
            stricter: "RFC 9112, 7.1.1: an extension has no control characters"
        ),
        refused(
            chunked("5;a\0\r\nhello\r\n0\r\n\r\n"),
            stricter: "RFC 9112, 7.1.1: an extension has no control characters"
        ),
        refused(
            chunked("5 \r\nhello\r\n0\r\n\r\n"),
            stricter: "RFC 9112, 7.1: no white space between a size and its line's end"
        ),
        refused(chunked("5 ;a\r\nhello\r\n0\r\n\r\n")),
        refused(
            chunked("0000000005\r\nhello\r\n0\r\n\r\n"),
            .contentTooLarge,
            stricter: "no size needs ten digits"
        ),
        refused(
            chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"),
            .contentTooLarge,
            stricter: "it must not wrap round"
        ),
        refused(chunked("FFFFFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), .contentTooLarge),
        refused(chunked("1\r\nx\r\n0\r\nno field\r\n\r\n")),
        refused(chunked("1\r\nx\r\n0\r\nA : b\r\n\r\n")),
        refused(chunked("1\r\nx\r\n0\r\n: b\r\n\r\n")),
        refused(chunked("1\r\nx\r\n0\r\nGET /b HTTP/1.1\r\n\(host)\r\n")),
        refused(chunked("1\r\nx\r\n0\r\nA: \0\r\n\r\n")),
        refused(
            chunked("1\r\nx\r\n0\r\nA: b\n\r\n"),
            stricter: "RFC 9112, 2.2: a lone LF may be taken for a line's end"
        ),
    ]

    private static let large = 7 << 20

    static let overLimits = [
        refused(
            "GET / HTTP/1.1\r\n\(host)A: \(String(repeating: "a", count: 16 << 10))",
            .headerFieldsTooLarge
        ),
        refused(
            "GET /\(String(repeating: "a", count: 16 << 10)) HTTP/1.1\r\n\(host)\r\n",
            .headerFieldsTooLarge,
            stricter: "the head has 16 KiB"
        ),
        refused(
            "GET / HTTP/1.1\r\n\(host)" + String(repeating: "A: b\r\n", count: 100) + "\r\n",
            .headerFieldsTooLarge,
            stricter: "the head has 100 fields"
        ),
        served(
            "GET / HTTP/1.1\r\n\(host)" + String(repeating: "A: b\r\n", count: 99) + "\r\n",
            ["GET / "]
        ),
        refused(
            post("Content-Length: \(large + 1)\r\n"),
            .contentTooLarge,
            stricter: "a body has 7 MiB"
        ),
        served(post("Content-Length: \(large)\r\n"), [], .incomplete),
        refused(
            chunked("700000\r\n" + String(repeating: "a", count: large) + "\r\n1\r\n"),
            .contentTooLarge,
            stricter: "a body has 7 MiB"
        ),
        refused(chunked("700001\r\n"), .contentTooLarge, stricter: "a body has 7 MiB"),
        refused(
            chunked("1;\(String(repeating: "a", count: 300))\r\nx\r\n0\r\n\r\n"),
            stricter: "RFC 9112, 7.1.1: the length of extensions ought to be limited"
        ),
        refused(
            chunked("0\r\n" + String(repeating: "A: \(String(repeating: "b", count: 1_000))\r\n", count: 17)),
            .headerFieldsTooLarge
        ),
    ]
}
