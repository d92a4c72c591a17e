/// Leave for some objects to break some rules, with a reason, an owner and a last day.
package struct Exemption: Sendable, Equatable {
    package var rules: Set<RuleName>
    /// Globs (`*` stands for any run of characters) over the namespace.
    package var namespaces: [String]
    /// Globs over the name; one that is yet to be generated must fit however it ends.
    package var names: [String]
    package var reason: String
    package var owner: String
    /// The last day on which it holds, in UTC.
    package var expires: Day

    package init(
        rules: Set<RuleName>,
        namespaces: [String],
        names: [String],
        reason: String,
        owner: String,
        expires: Day
    ) {
        self.rules = rules
        self.namespaces = namespaces
        self.names = names
        self.reason = reason
        self.owner = owner
        self.expires = expires
    }

    package func holds(at now: Int) -> Bool {
        Day(at: now) <= expires
    }

    /// The first second on which it does not hold any more, since 1970-01-01T00:00:00Z.
    package var end: Int {
        Day(number: expires.number + 1).start
    }
}
