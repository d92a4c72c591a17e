import JSON
import Kubernetes
import Policy

/// JSON text: what is accepted can be walked through to its last value, and is accepted again when it is written.
enum JSONTarget {
    static func feed(_ bytes: [UInt8]) {
        guard let document = try? JSONDocument(bytes) else { return }
        guard let tree = Tree(document.root) else { return }
        var text: [UInt8] = []
        text.writeJSON { tree.write(into: &$0) }
        guard let again = try? JSONDocument(text), let same = Tree(again.root) else {
            preconditionFailure("what we write we cannot read")
        }
        precondition(same == tree, "it is another once it is written")
    }
}

/// AdmissionReviews: whatever is asked is answered with a review of the same uid, which is JSON.
enum ReviewTarget {
    private static let evaluator = Evaluator(Sample.policy)

    static func feed(_ bytes: [UInt8]) {
        guard let review = try? AdmissionReview(bytes) else { return }
        for verdict in [try? evaluator.validate(review, at: 0), try? evaluator.mutate(review, at: 0)] {
            guard let verdict else { continue }
            var answer: [UInt8] = []
            verdict.response(to: review, policyHash: "0").write(into: &answer)
            guard let root = try? JSONDocument(answer).root, let response = try? root.member("response"),
                let uid = try? response.member("uid")
            else { preconditionFailure("the answer is no AdmissionReview") }
            precondition(uid.string == review.uid.string, "the answer is to somebody else")
            precondition(verdict.isAllowed || verdict.patch.isEmpty, "what is refused is changed")
        }
    }
}

/// Patches: once one is applied, there is nothing left to patch.
enum PatchTarget {
    private static let evaluator = Evaluator(Sample.policy)

    static func feed(_ bytes: [UInt8]) {
        guard let object = try? JSONDocument(bytes).root, var tree = Tree(object) else { return }
        for kind in [ServiceAccount.kind, Deployment.kind] {
            guard let verdict = try? evaluator.judge(object, kind, in: "flux-system", at: 0),
                !verdict.patch.isEmpty
            else {
                continue
            }
            for operation in verdict.patch.operations {
                precondition(tree.put(operation), "the API server could not apply \(operation.pointer)")
            }
            var text: [UInt8] = []
            text.writeJSON { tree.write(into: &$0) }
            guard let patched = try? JSONDocument(text).root,
                let again = try? evaluator.judge(patched, kind, in: "flux-system", at: 0)
            else { preconditionFailure("what we patched we cannot read") }
            precondition(again.patch.isEmpty, "applying it twice is not applying it once")
            return
        }
    }
}
