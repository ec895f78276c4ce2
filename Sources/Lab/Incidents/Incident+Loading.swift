import Kernel
import Profile

extension Incident {
    /// Reads the catalogue; paths in it are relative to it.
    ///
    /// - Parameter loader: its environment's `HOME` is what `~` in a path means.
    public static func load(path: String, with loader: DocumentLoader = DocumentLoader()) -> LoadOutcome<[Incident]> {
        resolved(loader.load(path: path, spec: spec, what: "the catalogue"), path)
    }

    /// Reads a catalogue from text.
    public static func load(text: String, name: String) -> LoadOutcome<[Incident]> {
        resolved(DocumentLoader().load(text: text, name: name, spec: spec, what: "the catalogue"), name)
    }

    private static let spec = OptionSpec([
        .list(
            "incidents", of: .union(cases, common: OptionSpec(common)), "what happened, in the catalogue's order"
        )
    ])

    private static let common: [OptionField] = [
        .string("id", maxBytes: 8, "a letter for the subject and a number: A5"),
        .string("title", maxBytes: 200, "what happened, in a sentence"),
        .string("mechanism", maxBytes: 1000, "how it came about, constants included"),
    ]

    private static let cases = [
        UnionCase(
            "reproduced",
            [
                .string("scenario", maxBytes: 100, "the name of the scenario that shows it"),
                .path("profile", "the profile that has the fault, or gets it"),
                .list(
                    "around", of: .string(maxBytes: 300), default: [],
                    "what is changed in the profile to make room for the fault, as with --set"
                ),
                .list(
                    "fault", of: .string(maxBytes: 300), default: [],
                    "what is changed to have the fault; without it, the incident must not show"
                ),
                .string("metric", maxBytes: 100, "the metric that it fails on, by key"),
                .optionalRatio("fails_above", in: 0...1e12, "it fails above this value, on every seed"),
                .optionalRatio("fails_below", in: 0...1e12, "it fails below this value, on every seed"),
                .record(
                    "expect",
                    OptionSpec([
                        .ratio("from", in: 0...1e12, "the least value that the options imply"),
                        .optionalRatio("to", in: 0...1e12, "the greatest; unset: open"),
                        .string("because", maxBytes: 1000, "the arithmetic"),
                    ]),
                    "what the options imply, worked out before the run"
                ),
                .boolean("node_holds", default: true, "whether node.yaml stays on the good side of the bound"),
                .list(
                    "node_with", of: .string(maxBytes: 300), default: [],
                    "what is changed in node.yaml before it is compared, as with --set"
                ),
                .optionalString("finding", maxBytes: 1000, "what the run said that the expectation did not"),
            ],
            "a scenario shows it"
        ),
        UnionCase(
            "impossible",
            [
                .string("type", maxBytes: 100, "the type that rules it out"),
                .string("because", maxBytes: 1000, "how it does"),
                .string("test", maxBytes: 200, "the name of the test that would fail"),
            ],
            "a type rules it out"
        ),
        UnionCase(
            "not_modelled",
            [
                .string("why", maxBytes: 1000, "what is missing"),
                .string("needs", maxBytes: 1000, "what would have to be there"),
            ],
            "it cannot be shown yet"
        ),
    ]

    private static func resolved(_ outcome: LoadOutcome<Options>, _ path: String) -> LoadOutcome<[Incident]> {
        guard let options = outcome.value else { return LoadOutcome(value: nil, diagnostics: outcome.diagnostics) }
        var incidents: [Incident] = []
        var problems: [String] = []
        for entry in options.records("incidents") {
            let id = entry.string("id")
            if incidents.contains(where: { $0.id == id }) { problems.append("\(id): there are two of it") }
            do {
                incidents.append(
                    Incident(
                        id: id, title: entry.string("title"), mechanism: entry.string("mechanism"),
                        status: try status(entry)
                    )
                )
            } catch {
                problems.append("\(id): \(error.message)")
            }
        }
        let diagnostics = problems.map {
            Diagnostic(severity: .error, code: .rule, location: .wholeFile(path), message: $0)
        }
        return LoadOutcome(
            value: problems.isEmpty ? incidents : nil, diagnostics: outcome.diagnostics + diagnostics
        )
    }

    private struct Fault: Error {
        let message: String
    }

    private static func status(_ entry: Options) throws(Fault) -> Status {
        let variant = entry.variant ?? ""
        let detail = entry.record(variant)
        switch variant {
        case "reproduced": return .reproduced(try reproduction(detail))
        case "impossible":
            return .impossible(
                Impossibility(
                    type: detail.string("type"), because: detail.string("because"), test: detail.string("test")
                )
            )
        default: return .notModelled(why: detail.string("why"), needs: detail.string("needs"))
        }
    }

    private static func reproduction(_ detail: Options) throws(Fault) -> Reproduction {
        guard let metric = Metric.named(detail.string("metric")) else {
            throw Fault(message: "no metric '\(detail.string("metric"))'; docs/laboratory.md lists them")
        }
        let bound: Bound
        switch (detail.optionalRatio("fails_above"), detail.optionalRatio("fails_below")) {
        case (let limit?, nil): bound = .above(limit)
        case (nil, let limit?): bound = .below(limit)
        default: throw Fault(message: "state one of fails_above and fails_below")
        }
        let expect = detail.record("expect")
        let expectation = Expectation(
            from: expect.ratio("from"), to: expect.optionalRatio("to"), because: expect.string("because")
        )
        if let to = expectation.to, to < expectation.from { throw Fault(message: "expect: 'to' is below 'from'") }
        return Reproduction(
            scenario: detail.string("scenario"), profile: detail.path("profile"),
            surroundings: detail.strings("around"), fault: detail.strings("fault"), metric: metric, bound: bound,
            expectation: expectation, isHeldByNode: detail.boolean("node_holds"),
            nodeChanges: detail.strings("node_with"),
            finding: detail.optionalString("finding")
        )
    }
}
