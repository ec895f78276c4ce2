/// The grid of a terminal report: metrics as rows and profiles as columns, or the other way round.
struct TerminalTable {
    private struct Column {
        /// From top to bottom; the last line stands right above the values.
        var header: [String]
        /// One per row: the text and its mark (two characters: verdict, winner).
        var cells: [(text: String, mark: String, style: Paint.Style?)]

        /// A blank and two characters of marks stand behind every value.
        var width: Int {
            max(header.map(\.count).max() ?? 0, (cells.map(\.text.count).max() ?? 0) + 3)
        }
    }

    /// What is shown of a comparison: tables, and in words what would be the same in every column.
    struct Layout {
        var tables: [TerminalTable]
        var equalRows: String?
    }

    private static let gap = 2
    /// Headers of several lines are about so wide.
    private static let headerWidth = 12

    /// What the column of labels holds.
    private var title: String
    private var labels: [String]
    private var columns: [Column]

    /// The richest layout that fits into `width`: names and intervals, numbers and intervals, names, numbers. Where none
    /// does, rows that are equal in all columns become a sentence; where that is not enough, each profile gets a line, so
    /// that the profiles of one metric still stand one above the other.
    static func fitting(_ comparison: Comparison, width: Int) -> Layout {
        if let table = fitting(comparison, comparison.metrics, width: width) { return Layout(tables: [table]) }
        let equal = comparison.metrics.filter { isEqual($0, comparison) }
        let different = comparison.metrics.filter { !equal.contains($0) }
        let sentence = equal.isEmpty ? nil : "The same under every profile: \(words(equal, comparison))."
        if different.isEmpty { return Layout(tables: [], equalRows: sentence) }
        if let table = fitting(comparison, different, width: width) {
            return Layout(tables: [table], equalRows: sentence)
        }
        let turned = TerminalTable(turning: comparison, different, width: width)
        return Layout(tables: turned.evenlyFolded(width: width), equalRows: sentence)
    }

    private static func fitting(_ comparison: Comparison, _ metrics: [Metric], width: Int) -> TerminalTable? {
        for intervals in [true, false] {
            for names in [true, false] {
                let table = TerminalTable(comparison, metrics, names: names, intervals: intervals)
                if table.width <= width { return table }
            }
        }
        return nil
    }

    func lines(_ paint: Paint) -> [String] {
        let height = columns.map(\.header.count).max() ?? 1
        var lines = (0..<height).map { line in
            var text = Self.left(line == height - 1 ? title : "", labelWidth)
            for column in columns {
                let place = line - (height - column.header.count)
                text += Self.blanks(Self.gap) + Self.right(place >= 0 ? column.header[place] : "", column.width)
            }
            while text.last == " " { text.removeLast() }
            return paint(.bold, text)
        }
        lines.append(String(repeating: "─", count: width))
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

    static func blanks(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }
}

extension TerminalTable {
    /// Metrics as rows.
    private init(_ comparison: Comparison, _ metrics: [Metric], names: Bool, intervals: Bool) {
        title = "metric"
        labels = metrics.map(\.label)
        columns = comparison.profiles.indices.map { index in
            let profile = comparison.profiles[index]
            return Column(
                header: [names ? TextEscape.printable(profile.name) : "\(index + 1)"],
                cells: metrics.map { Self.cell(comparison, $0, profile, intervals: intervals) }
            )
        }
    }

    /// Profiles as rows.
    private init(turning comparison: Comparison, _ metrics: [Metric], width: Int) {
        title = "profile"
        let names = comparison.profiles.map { TextEscape.printable($0.name) }
        let fit = (names.map(\.count).max() ?? 0) <= width / 3
        labels = fit ? names : names.indices.map { "\($0 + 1)" }
        columns = metrics.map { metric in
            Column(
                header: Self.wrapped(metric.label),
                cells: comparison.profiles.map { Self.cell(comparison, metric, $0, intervals: false) }
            )
        }
    }

    private static func cell(
        _ comparison: Comparison, _ metric: Metric, _ profile: ProfileSummary, intervals: Bool
    ) -> (text: String, mark: String, style: Paint.Style?) {
        guard let cell = ReportCell(comparison, metric, profile) else {
            return (text: NumberText.absent, mark: "", style: nil)
        }
        let interval = intervals ? cell.interval.map { " \($0)" } ?? "" : ""
        let sign = cell.sign.isEmpty && cell.isWinner ? "" : left(cell.sign, 1)
        return (text: cell.value + interval, mark: sign + (cell.isWinner ? "*" : ""), style: style(cell))
    }

    private static func style(_ cell: ReportCell) -> Paint.Style? {
        if cell.isWinner { return .winner }
        switch cell.verdict {
        case .better: return .good
        case .worse: return .bad
        case .different, .noDifference, .undecided, nil: return nil
        }
    }

    private static func wrapped(_ label: String) -> [String] {
        var lines: [String] = []
        for word in label.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= headerWidth {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    // MARK: Rows that say nothing about the difference

    private static func isEqual(_ metric: Metric, _ comparison: Comparison) -> Bool {
        let cells = comparison.profiles.map { ReportCell(comparison, metric, $0) }
        guard let first = cells.first, let first else { return false }
        return cells.allSatisfy { $0?.value == first.value && $0?.interval == first.interval && $0?.isWinner == false }
    }

    private static func words(_ metrics: [Metric], _ comparison: Comparison) -> String {
        metrics.compactMap { metric in
            comparison.profiles.first?[metric].map { "\(metric.title.lowercasedFirst) \(ComparisonText.median($0))" }
        }.joined(separator: "; ")
    }

    // MARK: Folding

    private var labelWidth: Int {
        max(labels.map(\.count).max() ?? 0, title.count)
    }

    private var width: Int {
        columns.reduce(labelWidth) { $0 + Self.gap + $1.width }
    }

    /// As few tables as fit, of about equal widths: a last table of one column would repeat all labels for it.
    private func evenlyFolded(width: Int) -> [TerminalTable] {
        var tables = folded(width: width)
        var limit = width
        while limit > labelWidth {
            limit -= 2
            let narrower = folded(width: limit)
            guard narrower.count == tables.count, narrower.allSatisfy({ $0.width <= limit }) else { break }
            tables = narrower
        }
        return tables
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
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
