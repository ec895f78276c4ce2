/// Whether parts are those of one comparison, all of them, each once.
struct PartCheck {
    private let parts: [(name: String, part: ComparisonPart)]

    init(_ parts: [(name: String, part: ComparisonPart)]) {
        // Messages name the part that differs, so the order in which parts are given must not matter for the result.
        self.parts = parts.enumerated().sorted {
            ($0.element.part.shard.index, $0.offset) < ($1.element.part.shard.index, $1.offset)
        }.map(\.element)
    }

    /// The parts by their index.
    func ordered() throws(PartError) -> [ComparisonPart] {
        guard let first = parts.first else {
            throw PartError(.noParts, "there is nothing to merge", remedy: "Name the files that '--shard' wrote.")
        }
        for entry in parts { try checkForm(entry.name, entry.part) }
        for other in parts.dropFirst() { try compare(first, other) }
        try checkDivision(first.part.shard.of)
        for entry in parts { try checkRuns(entry.name, entry.part) }
        return parts.map(\.part)
    }

    /// A run's figures.
    func metrics(of run: ComparisonPart.Run, shard: Int) throws(PartError) -> RunMetrics {
        var metrics = RunMetrics(seed: run.seed)
        for measured in run.metrics {
            guard let metric = Metric.named(measured.metric) else {
                throw PartError(
                    .unknownMetric, "\(parts[shard].name): this version has no metric '\(measured.metric)'",
                    remedy: "Merge with the program that made the parts."
                )
            }
            metrics[metric] = Samples(values: measured.values, censored: measured.censored)
        }
        return metrics
    }

    // MARK: Of one whole

    private func checkForm(_ name: String, _ part: ComparisonPart) throws(PartError) {
        guard part.format == ComparisonPart.formatName, part.schema == ComparisonPart.currentSchema else {
            throw PartError(
                .otherForm,
                "\(name) is '\(part.format)', schema \(part.schema); this program reads "
                    + "'\(ComparisonPart.formatName)', schema \(ComparisonPart.currentSchema)",
                remedy: "Merge with the program that made the part."
            )
        }
        let isSound =
            part.seeds.count > 0 && part.seeds.count <= 100_000 && !part.profiles.isEmpty
            && part.shard.index >= 1 && part.shard.index <= part.shard.of && part.shard.of <= 1_000_000
            && part.profiles.count <= 1_000_000 / part.seeds.count
        guard isSound else {
            throw PartError(
                .otherForm,
                "\(name) says that it is part \(part.shard.index) of \(part.shard.of) of "
                    + "\(part.profiles.count) profiles and \(part.seeds.count) seeds, which cannot be",
                remedy: PartFigures.remedy
            )
        }
        try PartFigures(name, part).check()
    }

    private func compare(
        _ first: (name: String, part: ComparisonPart), _ other: (name: String, part: ComparisonPart)
    ) throws(PartError) {
        let (a, b) = (first.part, other.part)
        let remedy = "Parts of one comparison come from one program and the same command but for '--shard'."
        func differ(_ code: PartError.Code, _ what: String, _ one: String, _ two: String) -> PartError {
            PartError(code, "\(first.name) and \(other.name) have \(what): \(one) and \(two)", remedy: remedy)
        }
        if a.program.version != b.program.version {
            throw differ(.otherProgram, "different programs", a.program.version, b.program.version)
        }
        if a.program.build != b.program.build {
            throw differ(
                .otherProgram, "different builds of \(a.program.version)", Self.short(a.program.build),
                Self.short(b.program.build)
            )
        }
        if a.setting != b.setting {
            throw differ(
                .otherScenario, "different scenarios", Self.words(a.setting), Self.words(b.setting)
            )
        }
        if a.profiles.count != b.profiles.count {
            throw differ(.otherProfiles, "different numbers of profiles", "\(a.profiles.count)", "\(b.profiles.count)")
        }
        for (one, two) in zip(a.profiles, b.profiles) where one != two {
            throw differ(.otherProfiles, "different profiles", Self.words(one), Self.words(two))
        }
        if a.seeds != b.seeds {
            throw differ(.otherSeeds, "different seeds", Self.words(a.seeds), Self.words(b.seeds))
        }
        if a.shard.of != b.shard.of {
            throw differ(
                .otherDivision, "different divisions", "\(a.shard.of) parts", "\(b.shard.of) parts"
            )
        }
        if a.faults != b.faults { throw differ(.otherScenario, "different fault plans", "one", "another") }
    }

    private func checkDivision(_ count: Int) throws(PartError) {
        for (one, two) in zip(parts, parts.dropFirst()) where one.part.shard.index == two.part.shard.index {
            throw PartError(
                .partTwice, "\(one.name) and \(two.name) are both part \(one.part.shard.index) of \(count)",
                remedy: "Name each part once."
            )
        }
        guard parts.count < count else { return }
        var missing: [String] = []
        var next = 0
        for index in 1...count {
            if missing.count > 10 { break }
            if next < parts.count, parts[next].part.shard.index == index {
                next += 1
            } else {
                missing.append("\(index)")
            }
        }
        let names = missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? ", …" : "")
        throw PartError(
            .partMissing,
            count - parts.count == 1
                ? "part \(names) of \(count) is missing"
                : "\(count - parts.count) of \(count) parts are missing: \(names)",
            remedy:
                "Make them with the same command and '--shard \(missing.first ?? "1")/\(count)', and name them, too."
        )
    }

    private func checkRuns(_ name: String, _ part: ComparisonPart) throws(PartError) {
        let wanted = part.ownRuns
        for (index, own) in wanted.enumerated() {
            let label = "the run of '\(part.profiles[own.profile].name)' with seed \(own.seed)"
            guard index < part.runs.count else { throw wrongRuns("\(name) lacks \(label)") }
            let run = part.runs[index]
            guard run.profile == own.profile, run.seed == own.seed else {
                throw wrongRuns("\(name) has a run with seed \(run.seed) where \(label) belongs")
            }
            guard own.seed != part.seeds.first || run.timeline != nil, run.history.isSound else {
                throw wrongRuns("\(name): \(label) is incomplete")
            }
        }
        guard part.runs.count == wanted.count else {
            throw wrongRuns("\(name) has \(part.runs.count - wanted.count) more runs than its part of the whole")
        }
    }

    private func wrongRuns(_ message: String) -> PartError {
        PartError(.wrongRuns, message, remedy: PartFigures.remedy)
    }

    // MARK: In words

    private static func short(_ digest: String) -> String { String(digest.prefix(12)) }

    private static func words(_ setting: ComparisonPart.Setting) -> String {
        "'\(setting.name)' (\(short(setting.digest)), \(NumberText.clock(setting.durationSeconds)), \(setting.driver))"
    }

    private static func words(_ profile: ComparisonPart.Profile) -> String {
        "'\(profile.name)' (\(profile.path), \(short(profile.digest)))"
    }

    private static func words(_ seeds: Experiment.Seeds) -> String { "\(seeds.count) from \(seeds.first) on" }
}

extension RunHistory {
    /// Every row has as many spans as there are.
    var isSound: Bool {
        ([slots, filledSlots, forks] + ends.map(\.bySpan)).allSatisfy { $0.count == Self.spanCount }
    }
}
