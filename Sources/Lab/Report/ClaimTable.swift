/// Claims beside what the laboratory measured, as Markdown.
///
/// The only numbers that are written down are the claims; everything else comes from a comparison.
public struct ClaimTable: Sendable, Hashable {
    /// The profiles that stand for the times that the claims are about.
    public struct Roles: Sendable, Hashable {
        /// What ran before the fix.
        public var before: String
        /// The fix as it was described.
        public var after: String
        /// The fix as it really ran.
        public var asRun: String
        /// What is offered instead.
        public var ours: String

        /// Makes roles from the names of profiles.
        public init(before: String, after: String, asRun: String, ours: String) {
            self.before = before
            self.after = after
            self.asRun = asRun
            self.ours = ours
        }
    }

    /// The heading of the page.
    public var title: String
    /// Who stands for what.
    public var roles: Roles
    /// The rows.
    public var claims: [Claim]

    /// Makes a table.
    public init(title: String, roles: Roles, claims: [Claim]) {
        self.title = title
        self.roles = roles
        self.claims = claims
    }

    /// Renders the page from a comparison in which the profiles of ``roles`` take part; it ends with a line feed.
    /// A profile or metric that the comparison lacks is said to be missing, row by row.
    public func markdown(_ comparison: Comparison) -> String {
        let text = ComparisonText(comparison)
        var lines = ["# \(title)", ""]
        lines += [
            "Scenario \(TextEscape.markdown(text.headline)). Measured values are medians over the seeds; a claim is "
                + "judged by them as it was written, without a margin that it did not state.", "",
        ]
        lines += MarkdownReport.table(["stands for", "profile", "digest"], participants(comparison), numbers: 3) + [""]
        lines += MarkdownReport.table(header, claims.map { row($0, comparison) }, numbers: 7)
        let notes = claims.compactMap { claim in claim.note.map { "- **\(claim.subject)**: \($0)" } }
        if !notes.isEmpty {
            lines += ["", "## What no measurement changes", ""] + notes
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        [
            "claim", "before, as claimed", "before, measured", "after, as promised", "the fix as described",
            "the fix as it ran", "timenode",
        ]
    }

    private func participants(_ comparison: Comparison) -> [[String]] {
        let parts = [
            ("before", roles.before), ("the fix as described", roles.after), ("the fix as it ran", roles.asRun),
            ("timenode", roles.ours),
        ]
        return parts.map { role, name in
            let digest = comparison[profile: name].map { TextEscape.markdown($0.digest) } ?? "did not take part"
            return [role, TextEscape.markdown(name), digest]
        }
    }

    private func row(_ claim: Claim, _ comparison: Comparison) -> [String] {
        let before = comparison[profile: roles.before]
        let after = [roles.after, roles.asRun, roles.ours].map { name in
            "\(claim.after.outcome(for: comparison[profile: name], baseline: before))"
        }
        return [
            claim.subject,
            claim.before?.text ?? NumberText.absent,
            claim.before.map { "\($0.outcome(for: before, baseline: nil))" } ?? NumberText.absent,
            claim.after.text,
        ] + after
    }
}
