import JSON
import TestSupport
import Testing

@testable import Kubernetes

/// How others read a URL: Go's net/url decides, for source-controller goes by it; Python's urllib is a second opinion.
@Suite("A repository's URL beside other readers")
struct URLReaderTests {
    private static let urls = OddURLs.some(10_000)

    private struct Reading {
        let url: RepositoryURL
        let text: String
        let theirs: URLReader.Parts
    }

    /// The URLs that a reader takes, beside our reading; those that it refuses are malformed to us.
    private func readings(of reader: URLReader, refused: (RepositoryURL, String) -> Void) throws -> [Reading]
    {
        zip(Self.urls, try reader.parts(of: Self.urls)).compactMap { text, theirs in
            let url = RepositoryURL(text)
            if let theirs { return Reading(url: url, text: text, theirs: theirs) }
            refused(url, text)
            return nil
        }
    }

    @Test func `is malformed when Go refuses it, and else split alike`() throws {
        var both = 0
        let readings = try readings(of: .go) { url, text in
            both += 1
            #expect(url.isMalformed, "Go refuses \(text.debugDescription)")
        }
        let accepted = readings.filter { !$0.url.isMalformed }
        // The comparison is worth something only if there is much on either side.
        #expect(both > 1_000 && accepted.count > 2_500, "\(both) refused, \(accepted.count) accepted")
        for reading in accepted {
            let (url, theirs) = (reading.url, reading.theirs)
            let scheme = url.scheme == .other || theirs.scheme.elementsEqual(url.scheme.rawValue.utf8)
            #expect(scheme, "\(reading.text.debugDescription): Go has \(theirs)")
            if !url.isAuthorityDoubtful {
                let parts = [url.userName, url.password, bare(url.host)]
                let others = [theirs.userName, theirs.password, theirs.host.map(ASCII.lowercased)]
                #expect(
                    parts == others || url.host.contains(UInt8(ascii: "%")),
                    "\(reading.text.debugDescription): Go has \(theirs)"
                )
            }
            let names = url.queryItems.map(\.name)
            for name in theirs.parameters.map({ $0.map(ASCII.lowercased) }) {
                #expect(names.contains(name), "\(reading.text.debugDescription): Go has \(theirs)")
            }
        }
    }

    @Test func `hides no user, password or host from Python that it does not doubt`() throws {
        for reading in try readings(of: .python, refused: { _, _ in }) {
            let (url, theirs) = (reading.url, reading.theirs)
            guard !url.isMalformed, !url.isAuthorityDoubtful else { continue }
            let parts = [url.userName, url.password, bare(url.host)]
            #expect(
                parts == [theirs.userName, theirs.password, theirs.host.map(ASCII.lowercased)],
                "\(reading.text.debugDescription): Python has \(theirs)"
            )
        }
    }

    /// Without the brackets of an IPv6 address.
    private func bare(_ host: [UInt8]) -> [UInt8] {
        host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
            ? Array(host.dropFirst().dropLast()) : host
    }
}
