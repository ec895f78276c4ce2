import Lab
import Profile

/// What `notes/deviations.yaml` in the folder of the scenarios says: why figures differ, and which scenarios take more
/// runs than others.
struct FidelityNotes {
    private(set) var deviations: [FidelityNote] = []
    private var runs: [(scenario: String, count: Int)] = []

    /// Nothing where there is no such file.
    ///
    /// - Throws: a failure with exit status 64, its problems printed, where the file says what it may not.
    init(beside scenario: String?) throws(CommandFailure) {
        guard let scenario else { return }
        let path = Files.join(Files.folder(of: scenario), "notes/deviations.yaml")
        guard Files.exists(path) else { return }
        let outcome = DocumentLoader().load(path: path, spec: Self.spec, what: "the list of deviations")
        CommandScope.current.console.error(outcome.renderedDiagnostics())
        guard let options = outcome.value else { throw .silent(.usage) }
        deviations = options.records("deviations").map { note in
            let word = { (key: String) in note.string(key) == "all" ? "" : note.string(key) }
            return FidelityNote(
                scenario: word("scenario"), profile: word("profile"), metric: note.string("metric"),
                why: note.string("why"), isChecked: note.boolean("checked")
            )
        }
        runs = options.records("runs").map { ($0.string("scenario"), $0.integer("runs")) }
    }

    /// The seeds of a scenario that takes more runs than were asked for: those, and the numbers that follow them.
    func seeds(_ seeds: [UInt64], of scenario: String) -> [UInt64] {
        let count = runs.last { $0.scenario == scenario }?.count ?? 0
        guard count > seeds.count, let last = seeds.max() else { return seeds }
        return seeds + (1...UInt64(count - seeds.count)).map { last + $0 }
    }

    private static let spec = OptionSpec([
        .list(
            "runs",
            of: .record(
                OptionSpec([
                    .string("scenario", maxBytes: 100, "the scenario's name"),
                    .integer("runs", in: 1...100, "how many runs it takes at least, whatever --seeds says"),
                ])
            ),
            default: [], "scenarios of which a few runs say little"
        ),
        .list(
            "deviations",
            of: .record(
                OptionSpec([
                    .string("scenario", maxBytes: 100, "the scenario's name, or 'all'"),
                    .string("profile", maxBytes: 100, "the profile's name, or 'all'"),
                    .string("metric", maxBytes: 100, "the metric's key"),
                    .string("why", maxBytes: 2_000, "the explanation"),
                    .boolean("checked", default: false, "an experiment showed it; otherwise it is only likely"),
                ])
            ),
            default: [], "what is known of why figures differ"
        ),
    ])
}
