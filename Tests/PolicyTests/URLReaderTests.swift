import JSON
import Kubernetes
import Policy
import TestSupport
import Testing

/// No URL passes in which Go, by which source-controller goes, or Python sees what the policy refuses.
@Suite("A URL that passes")
struct URLReaderTests {
    private static let urls = OddURLs.some(6_000)

    /// The URLs that a GitRepository with this provider may have, as the reader has them.
    private func passing(_ provider: String, to reader: URLReader) throws -> [(String, URLReader.Parts?)] {
        let evaluator = Evaluator(Policy())
        return try zip(Self.urls, reader.parts(of: Self.urls)).filter { url, _ in
            let spec = #""url":\#(quoted(url)),"provider":"\#(provider)""#
            return try evaluator.validate(Fixture.review(Fixture.repository(spec)), at: Fixture.now).isAllowed
        }
    }

    private func quoted(_ text: String) -> String {
        var json: [UInt8] = []
        json.writeJSON { $0.string(text) }
        return String(decoding: json, as: UTF8.self)
    }

    @Test(arguments: URLReader.allCases)
    func `with provider azure leads over https to Azure DevOps and nowhere else`(reader: URLReader) throws {
        let passing = try passing("azure", to: reader)
        #expect(passing.count > 200)
        for (url, parts) in passing {
            guard let parts else {
                #expect(reader != .go, "Go refuses \(url.debugDescription)")
                continue
            }
            let host = String(decoding: parts.host, as: UTF8.self).lowercased()
            #expect(
                host == "dev.azure.com" || host.hasSuffix(".visualstudio.com"),
                "\(url.debugDescription): \(parts)"
            )
            #expect(parts.scheme.elementsEqual("https".utf8), "\(url.debugDescription): \(parts)")
            check(url, parts)
        }
    }

    @Test(arguments: URLReader.allCases)
    func `without provider has no credential in it`(reader: URLReader) throws {
        let passing = try passing("generic", to: reader)
        #expect(passing.count > 500)
        for case (let url, let parts?) in passing { check(url, parts) }
    }

    private func check(_ url: String, _ parts: URLReader.Parts) {
        #expect(parts.password.isEmpty, "\(url.debugDescription): \(parts)")
        if ["http", "https"].contains(String(decoding: parts.scheme, as: UTF8.self)) {
            let name = String(decoding: parts.userName, as: UTF8.self)
            #expect(
                ["", "git"].contains(name) || isOrganization(name, in: url),
                "\(url.debugDescription): \(parts)"
            )
        }
        for name in parts.parameters.map({ String(decoding: $0, as: UTF8.self).lowercased() }) {
            #expect(
                !["pat", "access_token", "token", "sig"].contains(name),
                "\(url.debugDescription): \(parts)"
            )
        }
    }

    /// Whether the URL, as a server has it when `..` is folded, is one of this organisation on Azure DevOps.
    private func isOrganization(_ name: String, in url: String) -> Bool {
        guard !url.contains("\(name).visualstudio.com") else { return true }
        return url.contains("/\(name)") && !url.contains("..") && !url.lowercased().contains("%2e")
    }
}
