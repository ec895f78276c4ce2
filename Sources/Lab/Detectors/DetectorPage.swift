/// A study's figures as a page: a table per case, and beside the detectors what others report of them.
public struct DetectorPage: Sendable {
    private let study: DetectorStudy
    private let figures: [[DetectorFigures]]

    /// - Parameter figures: by case, and in each by detector, in the study's order.
    public init(_ study: DetectorStudy, figures: [[DetectorFigures]]) {
        self.study = study
        self.figures = figures
    }

    /// Renders the page; it ends with a line feed.
    ///
    /// - Parameters:
    ///   - command: what made it, as it is typed.
    ///   - study: where the study lies.
    ///   - profile: the profile that each detector was put into.
    public func markdown(command: String, study path: String, profile: String) -> String {
        var lines = ["# Liveness modules, measured", ""]
        lines += [
            "Made by `\(command)` from `\(path)`; do not edit it.", "",
            "Each detector stands in `\(profile)` with its defaults and meets the same seeds in the simulator. The wait is"
                + " from the fault's strike until an end of a useless link drops it, for whatever reason; p50 and p99 are over"
                + " all ends that had something to notice, whether they did or not, and *never* is the share that had not when"
                + " the fault was over. A false cut is an end that drops, for silence, a link with nothing wrong; both ends can."
                + " The numbers are absolute, over the virtual hours stated.", "",
        ]
        lines += overview()
        for (index, entry) in study.cases.enumerated() { lines += table(entry, figures[index]) }
        lines += ["## What others report", "", "| detector | reported |", "|---|---|"]
        lines += study.detectors.map { "| `\($0.name)` | \(TextEscape.markdown($0.reported)) |" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line per detector over all cases.
    private func overview() -> [String] {
        var lines = [
            "## At a glance", "",
            "| detector | cases in which p99 was noticed | slowest p99 | false cuts in all | virtual hours |",
            "|---|---|---|---|---|",
        ]
        for (place, detector) in study.detectors.enumerated() {
            let own = figures.map { $0[place] }
            let asked = own.filter { $0.occasions > 0 }
            let waits = asked.compactMap { $0.wait(0.99) }
            let slowest = waits.max().map { NumberText.valueWithUnit($0, .seconds) } ?? NumberText.absent
            lines.append(
                "| `\(detector.name)` | \(waits.count) of \(asked.count) | \(slowest) |"
                    + " \(own.reduce(0) { $0 + $1.falseCuts }) | \(NumberText.number(own.reduce(0) { $0 + $1.hours })) |"
            )
        }
        return lines + [""]
    }

    private func table(_ entry: DetectorStudy.Case, _ rows: [DetectorFigures]) -> [String] {
        let hours = rows.map(\.hours).max() ?? 0
        let occasions = rows.map(\.occasions).max() ?? 0
        var lines = [
            "## \(TextEscape.markdown(entry.title))", "",
            "Scenario `\(entry.scenario)`, \(NumberText.number(hours)) virtual hours each"
                + (occasions > 0 ? ", up to \(occasions) ends with something to notice." : ", nothing to notice."),
        ]
        // Whoever writes a study may use Markdown in it.
        if let remark = entry.remark { lines.append(remark) }
        lines += [""]
        let hasWaits = occasions > 0
        lines.append(
            "| detector |" + (hasWaits ? " p50 | p99 | never |" : "") + " false cuts | messages per node and hour |"
        )
        lines.append("|---|" + (hasWaits ? "---|---|---|" : "") + "---|---|")
        for (detector, row) in zip(study.detectors, rows) {
            lines.append(
                "| `\(detector.name)` |" + (hasWaits ? waits(row) : "") + " \(row.falseCuts) |"
                    + " \(NumberText.number(Double(row.messages) / max(row.hours * Double(row.nodes), 1e-9))) |"
            )
        }
        return lines + [""]
    }

    private func waits(_ row: DetectorFigures) -> String {
        let text = { (share: Double) in row.wait(share).map { NumberText.valueWithUnit($0, .seconds) } ?? "never" }
        let never = row.occasions > 0 ? NumberText.share(Double(row.missed) / Double(row.occasions)) : NumberText.absent
        return " \(text(0.5)) | \(text(0.99)) | \(never) |"
    }
}
