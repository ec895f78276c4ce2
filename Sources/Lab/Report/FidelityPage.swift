/// What is known of why a figure of the simulator is not the real kernel's.
package struct FidelityNote: Sendable, Hashable {
    /// A scenario's name; empty for all.
    package var scenario: String
    /// A profile's name; empty for all.
    package var profile: String
    /// A metric's key.
    package var metric: String
    /// The explanation, a sentence or a few.
    package var why: String
    /// An experiment or the two event lists showed it; otherwise it is what is likely.
    package var isChecked: Bool

    package init(scenario: String, profile: String, metric: String, why: String, isChecked: Bool) {
        self.scenario = scenario
        self.profile = profile
        self.metric = metric
        self.why = why
        self.isChecked = isChecked
    }

    func isAbout(_ table: FidelityTable, _ row: FidelityTable.Row) -> Bool {
        metric == row.metric.key && (scenario.isEmpty || scenario == table.scenario)
            && (profile.isEmpty || profile == table.profile)
    }
}

/// Fidelity tables as a Markdown page, and as lines for a terminal.
package struct FidelityPage: Sendable {
    package let tables: [FidelityTable]
    package let notes: [FidelityNote]
    package let driver: String
    /// What machine the real figures are of.
    package let machine: String
    /// Scenarios that were left out, and why.
    package let leftOut: [(scenario: String, why: String)]

    package init(
        _ tables: [FidelityTable], notes: [FidelityNote], driver: String, machine: String,
        leftOut: [(scenario: String, why: String)] = []
    ) {
        self.tables = tables
        self.notes = notes
        self.driver = driver
        self.machine = machine
        self.leftOut = leftOut
    }

    /// Rows beyond their tolerance that no note is about.
    package var unexplained: [(table: FidelityTable, row: FidelityTable.Row)] {
        outside.filter { note($0.table, $0.row) == nil }
    }

    private func note(_ table: FidelityTable, _ row: FidelityTable.Row) -> FidelityNote? {
        notes.first { $0.isAbout(table, row) }
    }

    private var outside: [(table: FidelityTable, row: FidelityTable.Row)] {
        tables.flatMap { table in table.rows.filter { !$0.isWithin }.map { (table, $0) } }
    }

    /// Agreement over all tables, in a sentence.
    package var verdict: String {
        let rows = tables.reduce(0) { $0 + $1.rows.count }
        let good = rows - outside.count
        let checked = outside.count { entry in note(entry.table, entry.row)?.isChecked == true }
        let likely = outside.count - checked - unexplained.count
        return "\(good) of \(rows) figures agree; \(outside.count) do not: \(checked) for a reason that was checked, "
            + "\(likely) for a likely one that was not, \(unexplained.count) for none that is known."
    }

    // MARK: Terminal

    /// The tables as text, one line a figure.
    package func text() -> String {
        var lines: [String] = []
        for table in tables {
            lines += ["\(table.scenario), \(table.profile): \(Self.runs(table))", ""]
            var cells = [["", "simulated", "real", "deviation", ""]]
            for row in table.rows {
                cells.append([
                    row.title, Self.cell(row.simulated), Self.cell(row.real), Self.deviation(row),
                    row.isWithin ? "" : "differs",
                ])
            }
            let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
            for line in cells {
                var text = "  " + line[0] + String(repeating: " ", count: widths[0] - line[0].count)
                for column in 1..<5 {
                    text += "  " + String(repeating: " ", count: widths[column] - line[column].count) + line[column]
                }
                lines.append(text)
            }
            lines.append("")
        }
        return lines.joined(separator: "\n") + verdict + "\n"
    }

    // MARK: Markdown

    /// The page; it ends with a line feed.
    package func markdown() -> String {
        var lines = Self.head
        lines += ["Driver: \(driver). Machine: \(machine).", "", verdict, ""]
        lines += overview + [""]
        lines += differences
        if !leftOut.isEmpty {
            lines += ["## Left out", ""] + leftOut.map { "- `\($0.scenario)`: \(TextEscape.markdown($0.why))" } + [""]
        }
        lines += ["## Every figure", ""]
        for table in tables {
            lines += ["### \(table.scenario), \(table.profile)", ""]
            lines += ["\(TextEscape.markdown(table.summary)) \(Self.runs(table)).", ""]
            lines += ["| figure | simulated | real | deviation | |", "|---|---:|---:|---:|---|"]
            lines += table.rows.map { row in
                "| \(row.title) | \(Self.cell(row.simulated)) | \(Self.cell(row.real)) | \(Self.deviation(row)) | "
                    + (row.isWithin ? "|" : "differs |")
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }

    private static let head = """
        # How close the simulator is to a real kernel

        Generated by `make fidelity`; do not edit. A comparison of profiles is worth as much as the model under it. So the \
        same scenario files are run twice with the same seeds: by real processes on real sockets, and in the simulator \
        with the moments at which hosts really started and faults really struck. Modules draw the same numbers in both.

        A cell is the median over the runs, with the range of the runs in brackets where they differ. Times agree \
        within 10 % of the real figure or one tick of the kernel's timer (4 ms), whichever is more; counts have to be \
        equal; ratios and mean numbers of peers agree within the metric's minimum effect. `≥`: more than half had not \
        ended when the run did. How it is measured, and what was found earlier about single mechanisms: \
        [fidelity-method.md](fidelity-method.md).

        """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

    private static let principal: [Metric] = [.detection, .recovery, .mesh, .reconnects]

    /// The figures that say most, a line for each scenario and profile.
    private var overview: [String] {
        let titles = ["detection, s", "recovery, s", "mesh, s", "reconnects"]
        var lines = [
            "| scenario | profile | " + titles.map { "\($0): simulated / real" }.joined(separator: " | ") + " |"
        ]
        lines.append("|---|---|" + String(repeating: "---:|", count: titles.count))
        for table in tables {
            let cells = Self.principal.map { metric in
                guard let row = table[metric] else { return NumberText.absent }
                let text = "\(Self.short(row.simulated)) / \(Self.short(row.real))"
                return row.isWithin ? text : "**\(text)**"
            }
            lines.append("| \(table.scenario) | \(table.profile) | " + cells.joined(separator: " | ") + " |")
        }
        return lines
    }

    private var differences: [String] {
        guard !outside.isEmpty else { return [] }
        var lines = ["## What differs, and why", ""]
        for (table, row) in outside {
            let note = note(table, row)
            lines.append(
                "- `\(table.scenario)`, \(table.profile): \(row.title): simulated \(Self.cell(row.simulated)), real "
                    + "\(Self.cell(row.real)). "
                    + (note.map { $0.isChecked ? $0.why : "*Likely, not checked:* \($0.why)" }
                        ?? "**Not explained yet.**")
            )
        }
        return lines + [""]
    }

    private static func runs(_ table: FidelityTable) -> String {
        let real = table.runs.real == 1 ? "1 real run" : "\(table.runs.real) real runs"
        return "\(real), \(table.runs.simulated) simulated"
    }

    private static func short(_ figure: FidelityTable.Figure) -> String {
        (figure.isLowerBound ? "≥" : "") + NumberText.number(figure.median)
    }

    private static func cell(_ figure: FidelityTable.Figure) -> String {
        let (low, high) = (NumberText.number(figure.low), NumberText.number(figure.high))
        return low == high ? short(figure) : "\(short(figure)) (\(low)–\(high))"
    }

    private static func deviation(_ row: FidelityTable.Row) -> String {
        if row.simulated.isLowerBound || row.real.isLowerBound { return NumberText.absent }
        guard let deviation = row.deviation else { return row.difference == 0 ? "0 %" : NumberText.absent }
        let percent = NumberText.fixed(deviation * 100, decimals: 1)
        return deviation > 0 ? "+\(percent) %" : "\(percent) %"
    }
}
