/// A comparison as one self-contained HTML file: no script, no network, light and dark, printable.
public enum HTMLReport {
    /// Renders the page.
    ///
    /// - Parameters:
    ///   - comparison: the table, the losses and the distributions.
    ///   - timelines: one run per profile (say, of the first seed), drawn pair by pair over the fault plan.
    ///   - histories: per profile, in the comparison's order, what happened when: the head of the page.
    public static func render(
        _ comparison: Comparison, timelines: [LinkTimeline] = [], histories: [ProfileHistory] = []
    ) -> String {
        let text = ComparisonText(comparison)
        let faults = timelines.first?.faults ?? []
        let marks = EndReasonMarks(histories, timelines: timelines)
        let sections: [Section] = [
            Section(
                "glance", "At a glance",
                GlanceTable(
                    comparison: comparison, histories: histories, marks: marks, faults: faults,
                    linksToTimelines: !timelines.isEmpty
                ).section),
            Section("medians", "All metrics", HTMLTables.medians(comparison)),
            Section("verdicts", "Verdicts", HTMLTables.verdicts(text)),
            Section("timelines", "Timelines", TimelineFigure(timelines: timelines, marks: marks).section),
            Section(
                "blocks", "Blocks",
                BlockFigure(comparison: comparison, histories: histories, faults: faults).section),
            Section("distributions", "Distributions", DistributionFigure.section(comparison)),
            Section("cost", "Cost", CostFigure(comparison: comparison).section),
            Section("definitions", "Definitions", HTMLTables.definitions(comparison)),
            Section("profiles", "Profiles", HTMLTables.profiles(comparison)),
        ].filter { !$0.content.isEmpty }
        let links = sections.map { Markup("li", [Markup("a", ["href": "#\($0.id)"], $0.title)]) }
        let header = Markup(
            "header",
            [
                Markup("h1", comparison.scenario),
                Markup("p", ["class": "faint"], text.conditions + ". Every profile met the same seeds."),
                Markup("nav", ["aria-label": "Sections"], [Markup("ul", links)]),
            ]
        )
        let body = Markup(
            "body",
            [
                Markup("a", ["class": "skip", "href": "#\(sections.first?.id ?? "main")"], "Skip to the content"),
                definitions, header, Markup("main", ["id": "main"], sections.flatMap(\.content)),
            ]
        )
        let page = Markup("html", ["lang": "en"], [head("Comparison: \(comparison.scenario)"), body])
        return "<!DOCTYPE html>\n" + page.text + "\n"
    }

    private struct Section {
        let id: String
        let title: String
        let content: [Markup]

        init(_ id: String, _ title: String, _ content: [Markup]) {
            self.id = id
            self.title = title
            self.content = content
        }
    }

    private static func head(_ title: String) -> Markup {
        Markup(
            "head",
            [
                .void("meta", ["charset": "utf-8"]),
                .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                .void("meta", ["name": "color-scheme", "content": "light dark"]),
                .void(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        "content": "default-src 'none'; style-src 'unsafe-inline'",
                    ]
                ),
                Markup("title", title),
                .style(styleSheet),
            ]
        )
    }

    /// Marks that the figures use. Browsers drop what an element that is not rendered defines, hence an image without
    /// size instead of a hidden one.
    private static let definitions = Markup(
        "svg",
        ["class": "shapes", "width": "0", "height": "0", "aria-hidden": "true", "focusable": "false"],
        [Markup("defs", EndReasonMarks.shapes + [BlockFigure.shape])]
    )
}
