/// A comparison as a table for a terminal: metrics as rows, profiles as columns.
///
/// Profiles are numbered with a legend where their names do not fit, and intervals are shown where they do. Where the
/// columns still do not fit, rows that are equal in all of them become a sentence; where that is not enough, profiles become
/// rows and metrics columns.
public enum TerminalReport {
    /// Renders the table.
    ///
    /// - Parameters:
    ///   - comparison: what to show.
    ///   - width: columns of the terminal; lines keep within it as far as a single column of the table does.
    ///   - color: whether to use ANSI colours; the caller honours `NO_COLOR` and pipes.
    /// - Returns: text that ends with a line feed.
    public static func render(_ comparison: Comparison, width: Int, color: Bool) -> String {
        let text = ComparisonText(comparison)
        let paint = Paint(isOn: color)
        var lines = [paint(.bold, TextEscape.printable(text.headline)), ""]
        lines += legend(text)
        let layout = TerminalTable.fitting(comparison, width: width)
        for table in layout.tables {
            lines.append("")
            lines += table.lines(paint)
        }
        if let equal = layout.equalRows {
            lines.append("")
            lines += wrap(equal, width: width)
        }
        lines.append("")
        lines += wrap(explanation(comparison), width: width)
        lines += verdicts(text, width: width)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func legend(_ text: ComparisonText) -> [String] {
        let comparison = text.comparison
        let names = comparison.profiles.map { TextEscape.printable($0.name) }
        let paths = comparison.profiles.map { TextEscape.printable($0.path) }
        let nameWidth = names.map(\.count).max() ?? 0
        let pathWidth = paths.map(\.count).max() ?? 0
        return comparison.profiles.indices.map { index in
            let profile = comparison.profiles[index]
            let remark = text.remark(profile).map { "  " + TextEscape.printable($0) } ?? ""
            return TerminalTable.right("\(index + 1)", 3) + "  " + TerminalTable.left(names[index], nameWidth) + "  "
                + TerminalTable.left(paths[index], pathWidth) + "  "
                + TextEscape.printable(String(profile.digest.prefix(12))) + remark
        }
    }

    private static func explanation(_ comparison: Comparison) -> String {
        var parts = ["Medians over the seeds"]
        if comparison.profiles.count > 1 {
            let name = TextEscape.printable(comparison.reference)
            parts.append("against \(name): + better, - worse, = no difference, ? undecided")
            parts.append("* wins the row against every other profile")
        }
        parts.append("≥ more than half had not ended")
        parts.append("\(NumberText.absent) not measured")
        return parts.joined(separator: "; ") + "."
    }

    private static func verdicts(_ text: ComparisonText, width: Int) -> [String] {
        guard text.isContest else { return [] }
        let name = TextEscape.printable(text.comparison.reference)
        var lines: [String] = [""]
        let losses = text.losses
        lines.append(losses.isEmpty ? "\(name) loses no row." : "Where \(name) loses:")
        for loss in losses {
            lines += wrap("  - " + TextEscape.printable(loss), width: width, indent: "    ")
        }
        if let advice = text.advice {
            lines += wrap(advice, width: width)
        }
        return lines
    }

    private static func wrap(_ text: String, width: Int, indent: String = "") -> [String] {
        let leading = String(text.prefix { $0 == " " })
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = (lines.isEmpty ? leading : indent) + word
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = indent + word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

/// ANSI colours, or none.
struct Paint {
    enum Style: String {
        case bold = "1"
        case good = "32"
        case bad = "31"
        case winner = "1;32"
    }

    var isOn: Bool

    func callAsFunction(_ style: Style?, _ text: String) -> String {
        guard isOn, let style else { return text }
        return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
    }
}
