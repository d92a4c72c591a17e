import Glibc
import Sockets
import TestSupport
import Testing

@Suite("patless serve")
struct ServeTests {
    @Test func `answers reviews over TLS, and probes beside them`() throws {
        let scratch = Scratch()
        let policy = try scratch.write(PolicyText.identities, to: "policy.yaml")
        let serving = try Serving(["--config", policy])
        let client = try serving.client()
        let denied = try client.request(Serving.post("repository-with-pat"))
        #expect(denied.status == 200 && denied["content-type"] == "application/json")
        #expect(denied.text.contains(#""allowed":false"#))
        #expect(try client.request(Serving.post("repository-keyless")).text.contains(#""allowed":true"#))
        let patched = try client.request(Serving.post("service-account", to: "/mutate"))
        #expect(patched.text.contains(#""patchType":"JSONPatch""#))
        #expect(try serving.ask("/livez").text == "ok\n")
        #expect(try serving.ask("/readyz?verbose").text.hasPrefix("[+] serving: yes\n[+] policy: "))
        let metrics = try serving.ask("/metrics")
        #expect(metrics["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metrics.text.contains(#"patless_http_responses_total{code="200"} 3"#))
        // One line for the start, one for the denial and one for the patch, from threads of their own.
        #expect(try Deadline.wait { try serving.program.output.split { $0 == "\n" }.count == 3 })
        #expect(try !serving.program.errors.contains("decision"))
    }

    @Test func `drains on SIGTERM, loses nothing and ends with 0`() throws {
        let serving = try Serving(["--drain-seconds", Deadline.slowness == 1 ? "4" : "15"])
        let kept = try serving.client()
        let other = try serving.client()
        #expect(try kept.request(Serving.post("repository-keyless"))["connection"] == nil)
        #expect(try other.request(Serving.post("repository-keyless"))["connection"] == nil)
        serving.program.signal(SIGTERM)
        #expect(Deadline.wait { (try? serving.ask("/readyz").status) == 503 })
        #expect(try serving.ask("/readyz").text.contains("[-] serving: draining after SIGTERM\n"))
        #expect(try serving.ask("/livez").status == 200)
        for client in [kept, try serving.client()] {
            let reply = try client.request(Serving.post("repository-with-pat"))
            #expect(
                reply.status == 200 && reply.text.contains(#""allowed":false"#)
                    && reply["connection"] == "close"
            )
            #expect(try client.waitForClose())
        }
        // Once the time is over, what is still there is asked to come again.
        let isRefusing = try Deadline.wait {
            try serving.client().request("GET /x HTTP/1.1\r\nHost: x\r\n\r\n").status == 503
        }
        #expect(isRefusing)
        let late = try other.request(Serving.post("repository-keyless"))
        #expect(late.status == 503 && late["retry-after"] == "1" && late["connection"] == "close")
        #expect(try serving.program.waitForEnd() == 0)
        let lines = try serving.program.errors.split(separator: "\n")
        #expect(lines.last?.contains("stopped") == true)
    }

    @Test func `ends with 0 at once on SIGINT`() throws {
        let serving = try Serving(["--drain-seconds", "60"])
        let idle = try serving.client()
        let began = Clock.monotonic
        serving.program.signal(SIGINT)
        #expect(try serving.program.waitForEnd() == 0)
        #expect(Clock.monotonic - began < 30_000_000_000)
        #expect(try idle.waitForClose())
    }

    @Test func `drains no longer when it is told twice`() throws {
        let serving = try Serving(["--drain-seconds", "60"])
        serving.program.signal(SIGTERM)
        #expect(Deadline.wait { (try? serving.ask("/readyz").status) == 503 })
        serving.program.signal(SIGTERM)
        #expect(try serving.program.waitForEnd(seconds: 20) == 0)
    }

    @Test func `puts its last decisions on record before it ends`() throws {
        let serving = try Serving()
        let client = try serving.client()
        try client.send(String(repeating: Serving.post("repository-with-pat"), count: 300))
        for _ in 1...300 {
            _ = try client.reply()
        }
        serving.program.signal(SIGINT)
        #expect(try serving.program.waitForEnd() == 0)
        let lines = try serving.program.output.split(separator: "\n")
        #expect(lines.count { $0.contains(#""type":"decision""#) } == 300)
        #expect(lines.first?.contains(#""type":"start""#) == true)
        #expect(lines.last?.contains(#""type":"stop""#) == true)
    }

    @Test(
        .enabled(
            if: Deadline.slowness == 1,
            "a sanitizer makes files of its own, which may be no larger either"
        )
    )
    func `keeps a file of decisions that is whole, and counts exactly what it could not keep`() throws {
        let scratch = Scratch()
        let file = scratch["audit.jsonl"]
        // No file of it may be larger than this: to a process, that is a full disk.
        let serving = try Serving(["--audit", file], prefix: ["prlimit", "--fsize=60000"])
        let client = try serving.client()
        try client.send(String(repeating: Serving.post("repository-with-pat"), count: 200))
        for _ in 1...200 {
            _ = try client.reply()
        }
        func kept() throws -> Int {
            String(decoding: try File.read(file), as: UTF8.self).split(separator: "\n")
                .count { $0.contains(#""type":"decision""#) }
        }
        let isCounted = try Deadline.wait {
            let name = #"patless_audit_dropped_total{trail="file",reason="disk_full"} "#
            let line = try serving.ask("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name) }
            let lost = Int(line?.dropFirst(name.count) ?? "") ?? 0
            return try lost > 0 && lost + kept() == 200
        }
        #expect(isCounted)
        #expect(try Deadline.wait { try serving.program.errors.contains("decisions are not on record") })
        #expect(try serving.ask("/readyz").status == 200)
        serving.program.signal(SIGINT)
        #expect(try serving.program.waitForEnd() == 0)
        let verdict = try Patless.run(["audit", "verify", file])
        #expect(verdict.status == 0 && verdict.output.contains("are whole"), "\(verdict)")
    }

    @Test func `takes up changed files, and keeps the old ones when the new are bad`() throws {
        let certificates = try Certificates.shared
        let scratch = Scratch()
        let pair = Certificates.Pair(
            certificate: try scratch.write(certificates.server.certificateBytes, to: "tls.crt"),
            key: try scratch.write(certificates.server.keyBytes, to: "tls.key")
        )
        let policy = try scratch.write(PolicyText.head, to: "policy.yaml")
        let serving = try Serving(["--config", policy], certificate: pair)
        let old = try serving.client()
        #expect(try old.request(Serving.post("repository-with-pat")).text.contains(#""allowed":false"#))

        try scratch.write(PolicyText.head + "rules: {secret-ref: {mode: \"off\"}}\n", to: "policy.yaml")
        try scratch.write(certificates.nextServer.certificateBytes, to: "tls.crt")
        try scratch.write(certificates.nextServer.keyBytes, to: "tls.key")
        let isRotated = try Deadline.wait {
            try serving.client().serverName == "server two"
                && old.request(Serving.post("repository-with-pat")).text.contains(#""allowed":true"#)
        }
        #expect(isRotated && old.serverName == "server one")

        try scratch.write(PolicyText.head + "rule: {}\n", to: "policy.yaml")
        try scratch.write("garbage", to: "tls.crt")
        let isReported = try Deadline.wait {
            let text = try serving.ask("/readyz?verbose").text
            return text.contains("[!] policy: the changed file is not used")
                && text.contains("[!] certificate: ")
        }
        #expect(isReported)
        #expect(try serving.ask("/readyz").status == 200)
        #expect(try serving.client().serverName == "server two")
        #expect(try old.request(Serving.post("repository-with-pat")).text.contains(#""allowed":true"#))
        #expect(
            try serving.ask("/metrics").text.contains(#"patless_policy_reloads_total{result="failure"} 1"#)
        )
    }

    @Test func `serves only clients that it knows, when it is told to`() throws {
        let certificates = try Certificates.shared
        let serving = try Serving(
            ["--client-ca", certificates.authority.certificate],
            environment: ["PATLESS_CLIENT_NAME": "front-proxy,kube-apiserver"]
        )
        var tls = try ClientTLS.trusting
        #expect(throws: Trouble.self) {
            try serving.client(tls).request(Serving.post("repository-keyless"))
        }
        tls.identity = certificates.clientOfOtherName
        #expect(throws: Trouble.self) {
            try serving.client(tls).request(Serving.post("repository-keyless"))
        }
        tls.identity = certificates.client
        #expect(try serving.client(tls).request(Serving.post("repository-keyless")).status == 200)
    }

    @Test func `takes its flags from the environment too, and a flag wins`() throws {
        let pair = try Certificates.shared.server
        let (port, opsPort) = (Ports.next(), Ports.next())
        let program = try Program(
            [try Patless.path, "serve", "--log-format=text", "--ops-listen", "127.0.0.1:\(opsPort)"],
            environment: [
                "PATLESS_LISTEN": "127.0.0.1:\(port)", "PATLESS_OPS_LISTEN": "nonsense",
                "PATLESS_TLS_CERT": pair.certificate, "PATLESS_TLS_KEY": pair.key,
                "PATLESS_LOG_FORMAT": "json",
                "PATLESS_WORKERS": "3", "PATLESS_CONFIG": "",
            ]
        )
        #expect(try Deadline.wait { try program.errors.contains("serving") || program.hasEnded })
        let log = try program.errors
        #expect(log.contains(" NOTICE serving ") && log.contains("listen=127.0.0.1:\(port)"))
        #expect(log.contains("workers=3"))
        #expect(try Client(port, tls: .trusting).request(Serving.post("repository-keyless")).status == 200)
        #expect(try Client(opsPort).request("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
        program.signal(SIGINT)
        #expect(try program.waitForEnd() == 0)
    }

    @Test func `names the flag when a variable makes no sense, and ends with 64`() throws {
        let outcome = try Patless.run(
            ["serve", "--tls-cert", "/c", "--tls-key", "/k"],
            environment: ["PATLESS_WORKERS": "many"]
        )
        #expect(outcome.status == 64 && outcome.errors.contains("--workers") && !outcome.isCrash)
    }

    @Test func `shows its status to this machine, by a port of its own`() throws {
        let port = Ports.next()
        let serving = try Serving(["--status-listen", "127.0.0.1:\(port)"])
        _ = try serving.client().request(Serving.post("repository-with-pat"))
        let shown = try Deadline.wait {
            try Client(port).request("GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n").text.contains(
                "azure-devops-pat"
            )
        }
        #expect(shown)
        let page = try Client(port).request("GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n")
        #expect(page.status == 200 && page["content-type"] == "text/html; charset=utf-8")
        #expect(page["cache-control"] == "no-store" && page["content-security-policy"] != nil)
        let other = try Client(port).request("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        #expect(other.status == 421 && other.head.contains("421 Misdirected Request"))
        #expect(try serving.ask("/").status == 404)
    }
}
