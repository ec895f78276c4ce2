/// A comparison as a table for a terminal: metrics as rows, profiles as columns.
///
/// Profiles are numbered with a legend where their names do not fit, intervals are shown where they do, and a table
/// that is still too wide is folded into several, each with the metric's column.
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
        lines += legend(comparison)
        for block in TerminalTable.fitting(comparison, width: width) {
            lines.append("")
            lines += block.lines(paint)
        }
        lines.append("")
        lines += wrap(explanation(comparison), width: width)
        lines += verdicts(text, width: width)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func legend(_ comparison: Comparison) -> [String] {
        let names = comparison.profiles.map { TextEscape.printable($0.name) }
        let paths = comparison.profiles.map { TextEscape.printable($0.path) }
        let nameWidth = names.map(\.count).max() ?? 0
        let pathWidth = paths.map(\.count).max() ?? 0
        return comparison.profiles.indices.map { index in
            let profile = comparison.profiles[index]
            let reference = profile.name == comparison.reference && names.count > 1 ? "  reference" : ""
            return TerminalTable.right("\(index + 1)", 3) + "  " + TerminalTable.left(names[index], nameWidth) + "  "
                + TerminalTable.left(paths[index], pathWidth) + "  "
                + TextEscape.printable(String(profile.digest.prefix(12))) + reference
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
