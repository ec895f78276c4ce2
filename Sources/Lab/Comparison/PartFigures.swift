/// Whether the figures of a part are such as a run can have. A part comes from anywhere: what is computed and drawn from
/// its numbers has to fit.
struct PartFigures {
    static let remedy = "Make the part again; a part is not meant to be edited."

    /// No run is longer, in seconds.
    private static let longest = 31_536_000.0
    /// No figure is larger, whatever it counts.
    private static let largest = 1e15
    /// Sums of so large counts still fit.
    private static let mostCounted = 1 << 40

    private let name: String
    private let part: ComparisonPart
    private let duration: Double

    init(_ name: String, _ part: ComparisonPart) {
        self.name = name
        self.part = part
        duration = part.setting.durationSeconds
    }

    /// - Throws: ``PartError`` `wrong-figures` with the first that cannot be.
    func check() throws(PartError) {
        guard duration > 0, duration <= Self.longest else {
            throw wrong("the run is \(duration) s long: it is above 0 and up to \(Self.longest) s")
        }
        for mark in part.faults {
            let end = mark.end ?? mark.start
            guard mark.start >= 0, mark.start <= end, end <= 2 * Self.longest else {
                throw wrong("the fault '\(mark.label)' lasts from \(mark.start) to \(end) s")
            }
        }
        for run in part.runs {
            guard part.profiles.indices.contains(run.profile) else { throw wrong("a run is of no profile") }
            let label = "the run of '\(part.profiles[run.profile].name)' with seed \(run.seed)"
            try check(run.metrics, of: label)
            try check(run.history, of: label)
            for pair in run.timeline ?? [] { try check(pair, of: label) }
        }
    }

    private func check(_ metrics: [ComparisonPart.Measured], of label: String) throws(PartError) {
        for (index, measured) in metrics.enumerated() {
            guard !metrics[..<index].contains(where: { $0.metric == measured.metric }) else {
                throw wrong("\(label) has '\(measured.metric)' twice")
            }
            // What is unknown is another mistake.
            guard let metric = Metric.named(measured.metric) else { continue }
            if metric.shape == .figure, measured.values.count != 1 || !measured.censored.isEmpty {
                throw wrong("\(label) has \(measured.values.count) values of '\(metric.key)': it is one figure")
            }
            let most = metric.unit == .ratio ? 1 : metric.shape == .timeToEvent ? duration : Self.largest
            for value in measured.values + measured.censored where !(value >= 0 && value <= most) {
                throw wrong("\(label) has \(value) as '\(metric.key)'")
            }
        }
    }

    private func check(_ history: RunHistory, of label: String) throws(PartError) {
        let counts = [history.slots, history.filledSlots, history.forks] + history.ends.map(\.bySpan)
        let all = counts.flatMap { $0 } + history.ends.map(\.stranding) + [history.nodes]
        guard all.allSatisfy({ (0...Self.mostCounted).contains($0) }) else {
            throw wrong("\(label) counts something less than no times, or more than \(Self.mostCounted) times")
        }
    }

    private func check(_ pair: PairTimeline, of label: String) throws(PartError) {
        var moment = 0.0
        for span in pair.spans {
            guard span.start >= moment, span.end >= span.start, span.end <= duration else {
                throw wrong("\(label): the spans of \(pair.name) are not one after the other within the run")
            }
            moment = span.end
        }
        guard pair.ends.allSatisfy({ $0.at >= 0 && $0.at <= duration }) else {
            throw wrong("\(label): a link of \(pair.name) ends outside the run")
        }
    }

    private func wrong(_ what: String) -> PartError {
        PartError(.wrongFigures, "\(name): \(what), which cannot be", remedy: Self.remedy)
    }
}
