/// The catalogue as a page: a line per incident with the figures of the runs behind it, then the arithmetic of each.
public struct IncidentReport: Sendable {
    /// Headings by letter, in order.
    private static let subjects = [
        ("A", "Establishment, direction, duplicates"), ("B", "Liveness"), ("C", "Transport and frames"),
        ("D", "Redial"), ("E", "Discovery, topology, admission"), ("F", "Bans, floods, trust"),
        ("G", "Synchronisation and forks"), ("H", "Gossip and votes"), ("I", "The supervisor"),
        ("P", "What other networks met"),
    ]

    private let incidents: [Incident]
    private let outcomes: [(id: String, outcome: IncidentOutcome)]
    private let seeds: Int

    /// - Parameter outcomes: one for each reproduced incident, by its id.
    public init(_ incidents: [Incident], outcomes: [(id: String, outcome: IncidentOutcome)], seeds: Int) {
        self.incidents = incidents
        self.outcomes = outcomes
        self.seeds = seeds
    }

    /// Renders the page; it ends with a line feed.
    ///
    /// - Parameter command: what made it, as it is typed.
    public func markdown(command: String) -> String {
        var lines = ["# The incident catalogue", ""]
        lines += introduction(command) + [""]
        for (letter, heading) in Self.subjects {
            let entries = incidents.filter { $0.id.hasPrefix(letter) }
            guard !entries.isEmpty else { continue }
            lines += ["## \(letter). \(heading)", "", "| | what happened | here |", "|---|---|---|"]
            lines += entries.map(line) + [""]
        }
        lines += ["## Expected and measured", ""]
        lines += [
            "What the options of the profile with the fault imply was worked out before the run; where the run says"
                + " otherwise, both stand here.", "",
        ]
        lines += incidents.compactMap(reckoning)
        return lines.joined(separator: "\n") + "\n"
    }

    private func introduction(_ command: String) -> [String] {
        var counts = (reproduced: 0, impossible: 0, open: 0)
        for incident in incidents {
            switch incident.status {
            case .reproduced: counts.reproduced += 1
            case .impossible: counts.impossible += 1
            case .notModelled: counts.open += 1
            }
        }
        let figures = seeds == 1 ? "Figures are those of one seed" : "Figures are medians over \(seeds) seeds"
        return [
            "Made by `\(command)` from `scenarios/catalogue.yaml`; do not edit it.",
            "",
            "The incidents are those of one real masternode network from December 2025 to July 2026, and at the end what",
            "others met. Of \(incidents.count), **\(counts.reproduced) are reproduced by their mechanism**,"
                + " \(counts.impossible) cannot happen here, and \(counts.open) are not",
            "modelled yet. \(figures), of the profile with the fault, of the same",
            "without it where a few options make it, and of `node.yaml`; ≥: the run ended first. The bounds are in the",
            "catalogue.",
        ]
    }

    private func line(_ incident: Incident) -> String {
        "| \(incident.id) | \(TextEscape.markdown(incident.title)) | \(here(incident)) |"
    }

    private func here(_ incident: Incident) -> String {
        switch incident.status {
        case .reproduced(let reproduction):
            guard let outcome = outcome(of: incident) else { return "not run" }
            let changes = reproduction.nodeChanges.isEmpty ? "" : " with \(keys(reproduction.nodeChanges))"
            let ours = reproduction.isHeldByNode ? "`node.yaml`\(changes)" : "**`node.yaml`\(changes) as well**:"
            let node = "\(ours) \(outcome.nodeText)"
            let without = reproduction.fault.isEmpty ? "" : ", without that \(outcome.controlText)"
            return "`\(reproduction.scenario)`, \(profile(reproduction)): \(reproduction.metric.title.lowercasedFirst)"
                + " **\(outcome.faultyText)**\(without), \(node)"
        case .impossible(let impossibility):
            return "impossible by `\(impossibility.type)`: \(TextEscape.markdown(impossibility.because))"
                + " (test: *\(TextEscape.markdown(impossibility.test))*)"
        case .notModelled(let why, let needs):
            return "not modelled yet: \(TextEscape.markdown(why)); needs \(TextEscape.markdown(needs))"
        }
    }

    private func profile(_ reproduction: Incident.Reproduction) -> String {
        let name = reproduction.profile.split(separator: "/").last.map(String.init) ?? reproduction.profile
        var text = "`\(name)`"
        if !reproduction.fault.isEmpty { text += " with \(keys(reproduction.fault))" }
        if !reproduction.surroundings.isEmpty { text += " (beside \(keys(reproduction.surroundings)))" }
        return text
    }

    /// The last two keys of each override say enough; the whole path stands in the catalogue.
    private func keys(_ overrides: [String]) -> String {
        overrides.map { override in
            let parts = override.split(separator: "=", maxSplits: 1)
            let key = parts.first?.split(separator: ".").suffix(2).joined(separator: ".") ?? ""
            return "`\(key)=\(parts.count > 1 ? parts[1] : "")`"
        }.joined(separator: ", ")
    }

    private func reckoning(_ incident: Incident) -> String? {
        guard case .reproduced(let reproduction) = incident.status, let outcome = outcome(of: incident) else {
            return nil
        }
        let verdict = outcome.isAsExpected ? "as expected" : "**not as expected**"
        var text = "- **\(incident.id)** \(TextEscape.markdown(incident.mechanism))"
        text += " Expected \(reproduction.metric.title.lowercasedFirst) \(outcome.expectationText):"
        text += " \(TextEscape.markdown(reproduction.expectation.because))"
        text += " Measured \(outcome.faultyText): \(verdict)."
        if let finding = reproduction.finding { text += " Finding: \(TextEscape.markdown(finding))" }
        return text
    }

    private func outcome(of incident: Incident) -> IncidentOutcome? {
        outcomes.first { $0.id == incident.id }?.outcome
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
