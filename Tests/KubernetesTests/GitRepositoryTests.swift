import JSON
import Kubernetes
import Testing

@Suite("A GitRepository")
struct GitRepositoryTests {
    private func repository(_ text: String) throws -> GitRepository {
        try GitRepository(JSONDocument(Array(text.utf8)).root)
    }

    @Test(
        "has a secretRef unless that is null or absent",
        arguments: [
            (#"{"spec":{}}"#, nil), (#"{"spec":{"secretRef":null}}"#, nil),
            (#"{"spec":{"secretRef":{}}}"#, ""),
            (#"{"spec":{"secretRef":{"name":null}}}"#, ""), (#"{"spec":{"secretRef":{"name":""}}}"#, ""),
            (#"{"spec":{"s\u0065cretRef":{"name":"p\u0061t"}}}"#, "pat"), (#"{}"#, nil),
            (#"{"spec":null}"#, nil),
        ] as [(String, String?)]
    )
    func readsSecretRef(_ text: String, _ name: String?) throws {
        #expect(try repository(text).secretName == name)
    }

    @Test(
        "with a field of another type, or twice, is refused",
        arguments: [
            #"{"spec":[]}"#, #"{"spec":{"url":7}}"#, #"{"spec":{"secretRef":"pat"}}"#,
            #"{"spec":{"secretRef":{"name":7}}}"#, #"{"spec":{"recurseSubmodules":"true"}}"#,
            #"{"spec":{"provider":[]}}"#, #"{"metadata":"x"}"#, #"{"metadata":{"name":1}}"#,
            #"{"spec":{"url":"https://a","url":"https://b"}}"#, #"{"spec":{},"spec":{"secretRef":{}}}"#,
            #"{"spec":{"secretRef":null,"secretRef":{"name":"pat"}}}"#,
            #"{"spec":{"secretRef":{"name":"a","nam\u0065":"b"}}}"#,
        ]
    )
    func refuses(_ text: String) {
        #expect(throws: ReviewError.self) { try repository(text) }
    }

    @Test func `says whether it is under deletion`() throws {
        #expect(
            try repository(#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}}"#).metadata
                .isUnderDeletion
        )
        #expect(try !repository(#"{"metadata":{"deletionTimestamp":null}}"#).metadata.isUnderDeletion)
    }
}
