import Markup
import Policy

/// The requests of each minute as a bar, parted by what became of them.
///
/// The picture has no text, so that it can be stretched; what it says is in the summary and the table.
struct RequestsChart {
    private let minutes: [Overview.Minute]
    private let top: Int
    static let slots = 60
    private static let height = 1_000

    init(_ minutes: [Overview.Minute]) {
        self.minutes = minutes.suffix(Self.slots)
        top = Self.round(minutes.map(\.total).max() ?? 0)
    }

    /// The next number above that begins with 1, 2 or 5, and is even.
    static func round(_ most: Int) -> Int {
        var power = 1
        while true {
            for factor in [2, 4, 10] where most <= factor * power {
                return factor * power
            }
            power *= 10
        }
    }

    var html: HTML {
        let bars = minutes.enumerated().map { bar($1, Self.slots - minutes.count + $0) }
        return """
            <div class="chart" aria-hidden="true">
            <p class="scale"><span>\(top.grouped)</span><span>\((top / 2).grouped)</span><span>0</span></p>
            <svg viewBox="0 0 \(Self.slots * 10) \(Self.height)" preserveAspectRatio="none">
            <path class="grid" d="M0 0H600M0 500H600M0 1000H600"/>
            \(bars)</svg>
            </div>
            """
    }

    private func bar(_ minute: Overview.Minute, _ slot: Int) -> HTML {
        var floor = Self.height
        let parts = TrafficSection.decisions.map { decision, _ -> HTML in
            let count = minute.decisions[decision, default: 0]
            guard count > 0 else { return "" }
            // What is there at all can be seen.
            let height = max(12, count * Self.height / top)
            floor -= height
            return
                "<rect class=\"\(decision.rawValue)\" x=\"\(slot * 10 + 1)\" y=\"\(floor)\" width=\"8\" height=\"\(height)\"/>"
        }
        return "\(parts)"
    }
}
