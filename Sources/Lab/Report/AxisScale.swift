/// Where values lie on a drawn axis: ticks at even distances, straight lines between them.
///
/// With ticks at 1, 2, 5, 10, 20, 50 that is close to a logarithm, without a logarithm's last digit that differs
/// between C libraries.
struct AxisScale {
    /// The values at the ticks, ascending, at least two.
    let ticks: [Double]
    private let isEven: Bool

    /// An axis for waits from `low` to `high` seconds over several orders of magnitude.
    init(decadesFrom low: Double, to high: Double) {
        var all: [Double] = [0]
        var decade = 0.001
        while decade < 1e9 {
            all += [decade, decade * 2, decade * 5]
            // Powers of ten below one are not exact; whole ones should be.
            decade = decade < 0.5 ? 1 / (1 / decade / 10).rounded() : decade * 10
        }
        let first = all.lastIndex { $0 <= low } ?? 0
        let last = all.firstIndex { $0 >= high } ?? all.count - 1
        let from = first < last ? first : max(first - 1, 0)
        ticks = Array(all[from...max(last, from + 1)])
        isEven = false
    }

    /// A linear axis from zero to `duration` seconds with at most so many steps.
    init(timeTo duration: Double, steps most: Double = 12) {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
        ]
        let length = duration > 0 && duration.isFinite ? duration : 1
        var step = steps.first { length / $0 <= most } ?? 86_400
        while length / step > most { step *= 2 }
        var ticks: [Double] = []
        while Double(ticks.count) * step < length { ticks.append(Double(ticks.count) * step) }
        self.ticks = ticks + [length]
        isEven = true
    }

    /// The place of a value on the axis, 0…1; values beyond its ends lie at its ends.
    func position(_ value: Double) -> Double {
        guard let first = ticks.first, let last = ticks.last, value > first else { return 0 }
        guard value < last else { return 1 }
        if isEven { return (value - first) / (last - first) }
        let upper = ticks.firstIndex { $0 >= value } ?? ticks.count - 1
        let fraction = (value - ticks[upper - 1]) / (ticks[upper] - ticks[upper - 1])
        return (Double(upper - 1) + fraction) / Double(ticks.count - 1)
    }
}
