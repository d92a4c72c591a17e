import Kubernetes
import Testing

/// What a URL is taken apart into.
struct Parts: Equatable, Sendable {
    var user = ""
    var password = ""
    var host = ""
    var isMalformed = false
}

@Suite("A repository's URL")
struct RepositoryURLTests {
    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "is split where Go splits it",
        arguments: [
            ("https://host/path", Parts(host: "host")), ("HTTPS://HOST/", Parts(host: "host")),
            ("https://u:p@host/x", Parts(user: "u", password: "p", host: "host")),
            ("https://u:p@evil@host/x", Parts(user: "u", password: "p@evil", host: "host")),
            ("https://u:a:b@host", Parts(user: "u", password: "a:b", host: "host")),
            ("https://:p@host", Parts(password: "p", host: "host")), ("https://@host", Parts(host: "host")),
            ("https://u:@host", Parts(user: "u", host: "host")), ("https://:@host", Parts(host: "host")),
            ("https://%67it:%70%40@host", Parts(user: "git", password: "p@", host: "host")),
            ("https://host?u:p@x", Parts(host: "host")), ("https://host#@evil", Parts(host: "host")),
            ("https://host:443/", Parts(host: "host")), ("https://host:/", Parts(host: "host")),
            ("https://[::1]:8443/x", Parts(host: "[::1]")),
            ("ssh://git@github.com/a/b", Parts(user: "git", host: "github.com")),
            ("https://dev.azure.com./x", Parts(host: "dev.azure.com.")),
            ("https://<host>/x y", Parts(host: "<host>")),
            // Where Go sees a port, what may be a password is searched all the same.
            ("https://bob:24/x@host/p", Parts(user: "bob", password: "24/x", host: "bob")),
            ("https://bob:/x@host", Parts(user: "bob", password: "/x", host: "bob")),
            ("https://git@h:1/x@host", Parts(user: "git@h", password: "1/x", host: "h")),
            ("https://u:p@h:1/x@host", Parts(user: "u", password: "p", host: "h")),
            ("https://host/@scope/name", Parts(host: "host")),
            ("https://git.example:3000/o/r@v2", Parts(host: "git.example")),
            ("https://[::1]:3000/o/r@v2", Parts(host: "[::1]")),
        ]
    )
    func splits(_ url: String, _ parts: Parts) {
        check(url, parts)
    }

    @Test(
        "that Go refuses is malformed, and still searched for credentials",
        arguments: [
            ("ssh://git@github.com:org/repo", Parts(user: "git", host: "github.com")),
            ("ssh://git:pw@github.com:org/repo", Parts(user: "git", password: "pw", host: "github.com")),
            ("https://u:p/w@host/x", Parts(user: "u", password: "p/w", host: "u")),
            ("https://u:p#w@host/x", Parts(user: "u", password: "p#w", host: "u")),
            ("https://u:p?w@host/x", Parts(user: "u", password: "p?w", host: "u")),
            ("https://u:p%zz@host/", Parts(user: "u", password: "p%zz", host: "host")),
            ("https://u:p w@host/", Parts(user: "u", password: "p w", host: "host")),
            ("https://u:p\\@host/", Parts(user: "u", password: "p\\", host: "host")),
            ("https://evil.com\\@dev.azure.com/", Parts(user: "evil.com\\", host: "dev.azure.com")),
            ("https://evil.com\\.dev.azure.com/", Parts(host: "evil.com\\.dev.azure.com")),
            ("https://dev azure.com/", Parts(host: "dev azure.com")),
            ("https://dev%2Eazure.com/", Parts(host: "dev%2eazure.com")),
            ("https://host/%zz", Parts(host: "host")), ("https://host/x#%zz", Parts(host: "host")),
            ("https://host\u{7F}/", Parts(host: "host\u{7F}")), ("https://host/\n", Parts(host: "host")),
            (" https://u:p@host/", Parts(user: " https", password: "//u:p")),
            ("u:p@host:path", Parts(user: "p")), ("git@host:path", Parts(user: "git")),
            (":https://u:p@host/", Parts(user: "https", password: "//u:p")), ("https://", Parts()),
        ]
    )
    func detects(_ url: String, _ parts: Parts) {
        var parts = parts
        parts.isMalformed = true
        check(url, parts)
    }

    private func check(_ url: String, _ parts: Parts) {
        let parsed = RepositoryURL(url)
        let found = Parts(
            user: text(parsed.userName),
            password: text(parsed.password),
            host: text(parsed.host),
            isMalformed: parsed.isMalformed
        )
        #expect(found == parts)
    }

    @Test func `has query parameters by their decoded names`() {
        let url = RepositoryURL("https://host/x?A=1&access%5Ftoken=s&empty=&bare&;sig=2#b=3")
        #expect(url.queryItems.map { text($0.name) } == ["a", "access_token", "sig"])
        #expect(url.queryItems.map { text(Array($0.value)) } == ["1", "s", "2"])
        let hidden = RepositoryURL("https://host/x%3FA=1%26b+c=2?d=3&e\n=4")
        #expect(hidden.queryItems.map { text($0.name) } == ["d", "e", "a", "b c", "e"])
    }

    @Test(
        "is shown without what may be secret",
        arguments: [
            ("https://u:S@host:8443/a/b.git?token=S#S", "https://host:8443/a/b.git"),
            ("https://S@host/a", "https://host/a"), ("https://S@host/a/%53", "https://host/..."),
            ("https://S@dev.azure.com/S/../o", "https://dev.azure.com/..."),
            ("https://o@dev.azure.com/o/p", "https://dev.azure.com/o/p"),
            ("https://u:S/S@host/a", "https://..."),
            ("https://u:1?S@host/a", "https://..."), ("https://S#S@host/a", "https://..."),
            ("ssh://git@github.com:S/S", "ssh://github.com/..."),
            ("https://host/a%3Ftoken=S", "https://host/a..."),
            ("https://host/a;token=S", "https://host/a..."),
            ("https://host.example/a/u:S@b", "https://host.example/..."),
            ("https://tok/en@host/repo", "https://..."),
            ("https://host.example/@scope/repo", "https://host.example/..."),
            ("https://bob:2468/S@host/r", "https://..."),
            ("https://bob:/S@host/r", "https://..."), ("https://[::1]/@S", "https://[::1]/..."),
            ("https://[::1]:2468/S@host/r", "https://[::1]/..."),
            ("S", "(not a usable URL)"), ("u:S@host:p", "(not a usable URL)"),
            ("https://", "(not a usable URL)"),
            ("https://hös\u{7}t/", "https://..."), ("https://host/h\u{1B}S", "https://host/..."),
            ("https://host/My%20Project/x", "https://host/My%20Project/x"),
            ("https://host/€S", "https://host/..."),
        ]
    )
    func redacts(_ url: String, _ shown: String) {
        #expect(RepositoryURL(url).redacted == shown)
    }

    @Test func `is not shown at any length`() {
        #expect(RepositoryURL("https://h/" + String(repeating: "a", count: 9_000)).redacted.utf8.count < 120)
    }

    @Test(
        "has one https form on dev.azure.com",
        arguments: [
            ("https://dev.azure.com/o/p/_git/r", "https://dev.azure.com/o/p/_git/r"),
            ("https://o:S@dev.azure.com/o/p/_git/r?token=S", "https://dev.azure.com/o/p/_git/r"),
            ("http://dev.azure.com/o/_git/r", "https://dev.azure.com/o/_git/r"),
            ("https://dev.azure.com/o/My%20P/_git/r", "https://dev.azure.com/o/My%20P/_git/r"),
            ("https://o.visualstudio.com/p/_git/r", "https://dev.azure.com/o/p/_git/r"),
            ("https://o.visualstudio.com/DefaultCollection/p/_git/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://git@ssh.dev.azure.com/v3/o/p/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://git@ssh.dev.azure.com:22/v3/o/p/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://git@ssh.dev.azure.com:v3/o/p/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://o@vs-ssh.visualstudio.com/v3/o/p/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://o@vs-ssh.visualstudio.com:v3/o/p/r", "https://dev.azure.com/o/p/_git/r"),
            ("ssh://git@ssh.dev.azure.com/v3/o/p", nil), ("https://dev.azure.com/o/p", nil),
            ("https://dev.azure.com/o/p/_git/r@S", nil), ("https://github.com/o/p/_git/r", nil),
            ("https://a.b.visualstudio.com/p/_git/r", nil), ("https://a..visualstudio.com/p/_git/r", nil),
            ("https://dev.azure.com.evil.com/o/p/_git/r", nil), ("https://dev.azure.com/o/p/_git/r%3FS", nil),
        ] as [(String, String?)]
    )
    func normalises(_ url: String, _ form: String?) {
        #expect(RepositoryURL(url).azureDevOpsHTTPS == form)
    }

    @Test(
        "names its Azure DevOps organisation",
        arguments: [
            ("https://dev.azure.com/contoso/p", "contoso"),
            ("https://fabrikam.VisualStudio.com/p", "fabrikam"),
            ("https://dev.azure.com/", nil), ("https://github.com/contoso", nil),
            ("https://a.b.visualstudio.com/p", nil), ("https://visualstudio.com/x", nil),
            ("https://dev.azure.com/c%6Fntoso/p", "contoso"),
        ] as [(String, String?)]
    )
    func names(_ url: String, _ organization: String?) {
        #expect(RepositoryURL(url).azureDevOpsOrganization.map(text) == organization)
    }
}
