/// The product-limit estimate of a waiting time's distribution from complete and censored observations
/// (Kaplan and Meier 1958).
///
/// A link that is still up when the run ends has not lived as long as its age: it has lived *at least* so long.
/// Leaving such links out, or counting them as ended, makes the best profile look like the worst.
public struct KaplanMeier: Sendable, Hashable {
    /// The survivor function just after an event time.
    public struct Step: Sendable, Hashable {
        /// The time of the events.
        public var time: Double
        /// Observations not yet ended or censored just before `time`.
        public var atRisk: Int
        /// Observations that ended at `time`.
        public var events: Int
        /// The estimated probability of lasting longer than `time`.
        public var survival: Double
    }

    /// One step for each distinct time at which something ended, ascending.
    public let steps: [Step]
    /// Share of the observations that had not ended, 0…1; `nil` without observations.
    public let censoredShare: Double?
    /// The longest age seen, ended or not: nothing is known beyond it.
    public let horizon: Double?

    /// Estimates from samples. An age that is censored at the time of an event counts as at risk there.
    public init(_ samples: Samples) {
        let ends = samples.values.sorted()
        let censored = samples.censored.sorted()
        var steps: [Step] = []
        var survival = 1.0
        var index = 0
        var leftBefore = 0
        while index < ends.count {
            let time = ends[index]
            var next = index
            while next < ends.count, ends[next] == time { next += 1 }
            while leftBefore < censored.count, censored[leftBefore] < time { leftBefore += 1 }
            let atRisk = ends.count - index + censored.count - leftBefore
            survival *= Double(atRisk - (next - index)) / Double(atRisk)
            steps.append(Step(time: time, atRisk: atRisk, events: next - index, survival: survival))
            index = next
        }
        self.steps = steps
        censoredShare = samples.isEmpty ? nil : Double(censored.count) / Double(samples.count)
        horizon = [ends.last, censored.last].compactMap(\.self).max()
    }

    /// The smallest time by which at least `probability` (0…1) of the observations have ended; `nil` where the
    /// estimate never gets there, because too many have not ended.
    public func quantile(_ probability: Double) -> Double? {
        // The product of fractions misses 1/2 by an ulp or two, which must not move the median to the next step.
        steps.first { $0.survival <= 1 - probability + 1e-9 }?.time
    }
}
