import Glibc
import Markup

/// How long the requests of each minute took: from the half to 99 of 100, on a scale of powers of ten.
struct LatencyChart {
    private let minutes: [Overview.Minute]
    /// The powers of ten between the ends of the scale, in nanoseconds.
    private let decades: [Int]
    private static let bottom = 10_000

    init(_ minutes: [Overview.Minute]) {
        self.minutes = minutes.suffix(RequestsChart.slots)
        let most = minutes.compactMap(\.p99).max() ?? 0
        var decades = [Self.bottom]
        while decades.count < 4 || decades[decades.count - 1] < most {
            decades.append(decades[decades.count - 1] * 10)
        }
        self.decades = decades
    }

    private var height: Int {
        (decades.count - 1) * 100
    }

    var html: HTML {
        let labels = decades.reversed().map { "<span>\(Self.label($0))</span>" as HTML }
        let lines = decades.indices.map { "M0 \($0 * 100)H600" as HTML }
        let bars = minutes.enumerated().map { bar($1, RequestsChart.slots - minutes.count + $0) }
        return """
            <div class="chart" aria-hidden="true">
            <p class="scale">\(labels)</p>
            <svg viewBox="0 0 600 \(height)" preserveAspectRatio="none">
            <path class="grid" d="\(lines)"/>
            \(bars)</svg>
            </div>
            """
    }

    private static func label(_ nanoseconds: Int) -> String {
        switch nanoseconds {
        case ..<1_000_000: "\(nanoseconds / 1_000) µs"
        case ..<1_000_000_000: "\(nanoseconds / 1_000_000) ms"
        default: "\(nanoseconds / 1_000_000_000) s"
        }
    }

    private func bar(_ minute: Overview.Minute, _ slot: Int) -> HTML {
        guard let p50 = minute.p50, let p99 = minute.p99 else { return "" }
        let (low, high) = (height(of: p50), height(of: p99))
        let thickness = max(4, low - high)
        return
            "<rect class=\"span\" x=\"\(slot * 10 + 2)\" y=\"\(high)\" width=\"6\" height=\"\(thickness)\"/>"
    }

    /// Where a duration lies, from the top.
    private func height(of nanoseconds: Int) -> Int {
        let decades = log10(Double(max(nanoseconds, Self.bottom)) / Double(Self.bottom))
        return height - Int(decades * 100)
    }
}
