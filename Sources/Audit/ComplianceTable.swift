import Policy

/// What a policy makes of the objects that there are of one kind.
///
/// Of an object that complies only a number of 64 bits is kept and where it is, so that a hundred thousand of them take a few
/// megabytes; what is found on the others is kept in words up to a bound, and beyond that counted.
struct ComplianceTable: Sendable {
    /// An object with findings, as a report names it.
    struct Shortfall: Sendable {
        let namespace: String
        let name: String
        let judgements: [Judgement]
    }

    private struct Seen {
        let namespace: Int32
        var generation: Int32
        /// A bit for each rule, in the order of `RuleName.allCases`, whose finding no exemption covers.
        var rules: UInt32
    }

    private var namespaces: [String: Int32] = [:]
    private var names: [String] = []
    private var seen: [Int: Seen] = [:]
    private var shortfalls: [Int: Shortfall] = [:]
    private var generation: Int32 = 0

    /// The most objects whose findings are kept in words.
    static let mostShortfalls = 10_000

    /// A list of all there is begins.
    mutating func beginList() {
        generation += 1
    }

    /// The list is complete: what it did not name is gone.
    mutating func endList() {
        for (key, entry) in seen where entry.generation != generation {
            seen[key] = nil
            shortfalls[key] = nil
        }
    }

    mutating func note(_ namespace: String, _ name: String, _ judgements: [Judgement]) {
        let key = Self.key(namespace, name)
        var rules: UInt32 = 0
        for judgement in judgements where judgement.exemption == nil { rules |= judgement.finding.rule.bit }
        seen[key] = Seen(namespace: number(of: namespace), generation: generation, rules: rules)
        if judgements.isEmpty || shortfalls[key] == nil && shortfalls.count >= Self.mostShortfalls {
            shortfalls[key] = nil
        } else {
            shortfalls[key] = Shortfall(namespace: namespace, name: name, judgements: judgements)
        }
    }

    mutating func remove(_ namespace: String, _ name: String) {
        let key = Self.key(namespace, name)
        seen[key] = nil
        shortfalls[key] = nil
    }

    /// How many objects there are, in a namespace or in all.
    var objects: Int { seen.count }

    /// What is found, by namespace, sorted by name.
    var sorted: [String: [Shortfall]] {
        Dictionary(grouping: shortfalls.values, by: \.namespace).mapValues { $0.sorted { $0.name < $1.name } }
    }

    /// Adds up, by namespace: objects that comply, and those that break each rule.
    func count(into counts: inout [String: ComplianceCounts]) {
        for entry in seen.values {
            let namespace = names[Int(entry.namespace)]
            counts[namespace, default: ComplianceCounts()].add(entry.rules)
        }
    }

    private mutating func number(of namespace: String) -> Int32 {
        if let number = namespaces[namespace] { return number }
        let number = Int32(names.count)
        names.append(namespace)
        namespaces[namespace] = number
        return number
    }

    /// Objects are told apart by a hash with a seed of this process.
    private static func key(_ namespace: String, _ name: String) -> Int {
        var hasher = Hasher()
        hasher.combine(namespace)
        hasher.combine(name)
        return hasher.finalize()
    }
}

/// How many objects comply, and how many break which rule.
struct ComplianceCounts: Sendable, Equatable {
    private(set) var objects = 0
    private(set) var compliant = 0
    private(set) var rules: [RuleName: Int] = [:]

    /// Adds an object that breaks the rules whose bits are set.
    mutating func add(_ bits: UInt32) {
        objects += 1
        if bits == 0 { compliant += 1 }
        for rule in RuleName.allCases where bits & rule.bit != 0 { rules[rule, default: 0] += 1 }
    }
}

extension RuleName {
    fileprivate var bit: UInt32 {
        1 << UInt32(RuleName.allCases.firstIndex(of: self) ?? 31)
    }
}
