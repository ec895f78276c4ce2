/// The grid of a terminal report: a column of metrics and as many profiles as fit beside it.
struct TerminalTable {
    private struct Column {
        var header: String
        /// One per metric: the text and its mark (two characters: verdict, winner).
        var cells: [(text: String, mark: String, style: Paint.Style?)]

        /// A blank and two characters of marks stand behind every value.
        var width: Int {
            max(header.count, (cells.map(\.text.count).max() ?? 0) + 3)
        }
    }

    private static let gap = 2

    private var labels: [String]
    private var columns: [Column]

    /// The richest layout that fits into `width`: names and intervals, numbers and intervals, names, numbers; and
    /// numbers in several tables where even that does not fit.
    static func fitting(_ comparison: Comparison, width: Int) -> [TerminalTable] {
        for intervals in [true, false] {
            for names in [true, false] {
                let table = TerminalTable(comparison, names: names, intervals: intervals)
                if table.width <= width { return [table] }
            }
        }
        return TerminalTable(comparison, names: false, intervals: false).folded(width: width)
    }

    func lines(_ paint: Paint) -> [String] {
        var header = Self.left("metric", labelWidth)
        for column in columns {
            header += Self.blanks(Self.gap) + Self.right(column.header, column.width)
        }
        var lines = [paint(.bold, header), String(repeating: "─", count: width)]
        for (row, label) in labels.enumerated() {
            var line = Self.left(label, labelWidth)
            for column in columns {
                let cell = column.cells[row]
                let value = Self.right(cell.text, column.width - 3) + " " + Self.left(cell.mark, 2)
                line += Self.blanks(Self.gap) + paint(cell.style, value)
            }
            // Blanks at the end of a line are noise in a file; with colours they sit inside an escape sequence.
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        return lines
    }

    static func left(_ text: String, _ width: Int) -> String {
        text + blanks(width - text.count)
    }

    static func right(_ text: String, _ width: Int) -> String {
        blanks(width - text.count) + text
    }
}

extension TerminalTable {
    private init(_ comparison: Comparison, names: Bool, intervals: Bool) {
        labels = comparison.metrics.map(\.label)
        columns = comparison.profiles.indices.map { index in
            let profile = comparison.profiles[index]
            return Column(
                header: names ? TextEscape.printable(profile.name) : "\(index + 1)",
                cells: comparison.metrics.map { metric in
                    guard let cell = ReportCell(comparison, metric, profile) else {
                        return (text: NumberText.absent, mark: "", style: nil)
                    }
                    let interval = intervals ? cell.interval.map { " \($0)" } ?? "" : ""
                    let sign = cell.sign.isEmpty && cell.isWinner ? "" : Self.left(cell.sign, 1)
                    return (
                        text: cell.value + interval,
                        mark: sign + (cell.isWinner ? "*" : ""),
                        style: Self.style(cell)
                    )
                }
            )
        }
    }

    private var labelWidth: Int {
        max(labels.map(\.count).max() ?? 0, "metric".count)
    }

    private var width: Int {
        columns.reduce(labelWidth) { $0 + Self.gap + $1.width }
    }

    private func folded(width: Int) -> [TerminalTable] {
        var tables: [TerminalTable] = []
        var current = self
        current.columns = []
        for column in columns {
            if !current.columns.isEmpty, current.width + Self.gap + column.width > width {
                tables.append(current)
                current.columns = []
            }
            current.columns.append(column)
        }
        return tables + [current]
    }

    private static func style(_ cell: ReportCell) -> Paint.Style? {
        if cell.isWinner { return .winner }
        switch cell.verdict {
        case .better: return .good
        case .worse: return .bad
        case .different, .noDifference, .undecided, nil: return nil
        }
    }

    private static func blanks(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }
}
