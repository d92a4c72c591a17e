/// What was found of one link of the chain.
package struct Diagnosis: Sendable, Equatable {
    /// Such as `webhook` or `pods`.
    package let link: String
    package let state: State
    /// What is so, in a sentence without a full stop.
    package let detail: String
    /// What to do about it: a command, or a sentence where there is none.
    package let mend: String?

    package enum State: String, CaseIterable, Sendable {
        case ok
        /// It works, and something about it should be known.
        case warn
        case fail
        /// It could not be looked at.
        case unknown
    }

    static func ok(_ link: String, _ detail: String) -> Diagnosis {
        Diagnosis(link: link, state: .ok, detail: detail, mend: nil)
    }

    static func warn(_ link: String, _ detail: String, mend: String? = nil) -> Diagnosis {
        Diagnosis(link: link, state: .warn, detail: detail, mend: mend)
    }

    static func fail(_ link: String, _ detail: String, mend: String?) -> Diagnosis {
        Diagnosis(link: link, state: .fail, detail: detail, mend: mend)
    }
}
