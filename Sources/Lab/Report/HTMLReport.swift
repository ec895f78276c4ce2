/// A comparison as one self-contained HTML file: no script, no network, light and dark, printable.
public enum HTMLReport {
    /// Renders the page.
    ///
    /// - Parameters:
    ///   - comparison: the table, the losses and the distributions.
    ///   - timelines: one run per profile (say, of the first seed), drawn pair by pair over the fault plan.
    public static func render(_ comparison: Comparison, timelines: [LinkTimeline] = []) -> String {
        let text = ComparisonText(comparison)
        let title = "Comparison: \(comparison.scenario)"
        let head = Markup(
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
        var sections = [
            Markup("h1", title),
            Markup("p", text.headline + ". Every profile met the same seeds."),
            HTMLTables.profiles(comparison),
            HTMLTables.medians(comparison),
        ]
        sections += HTMLTables.verdicts(text)
        sections += TimelineFigure.section(timelines)
        sections += DistributionFigure.section(comparison)
        sections += HTMLTables.definitions(comparison)
        let body = Markup(
            "body",
            [
                Markup("a", ["class": "skip", "href": "#medians"], "Skip to the table"),
                TimelineFigure.patterns,
                Markup("main", sections),
            ]
        )
        return "<!DOCTYPE html>\n" + Markup("html", ["lang": "en"], [head, body]).text + "\n"
    }

    private static let styleSheet: StaticString = """
        :root{--ink:#1b1f24;--page:#fff;--faint:#5b6570;--line:#d4d9df;--band:#f3f5f8;--good:#11622f;--bad:#a0241c;
        --down:#b9c0c8;--up:#2c8a55;--zombie:#c2410c;--double:#3b5bcc;--fault:#f0c75e55;--mark:#1b1f24}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--page:#14171b;--faint:#9aa5b1;--line:#363d45;
        --band:#1d2228;--good:#7fd8a0;--bad:#ff9a8f;--down:#4a525c;--up:#3fb573;--zombie:#f08a4b;--double:#8aa4ff;
        --fault:#8a6d1f66;--mark:#e6e9ed}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
        main{max-width:78rem;margin:0 auto;padding:1.5rem}
        h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.3rem}
        .scroll{overflow-x:auto;margin:.8rem 0}:focus-visible{outline:2px solid var(--double);outline-offset:2px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--faint);padding-bottom:.4rem}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        thead th{border-bottom:2px solid var(--line)}tbody tr:nth-child(even){background:var(--band)}
        td.n,th.n{text-align:right}td small{color:var(--faint);display:block}
        .better,.winner{color:var(--good)}.worse{color:var(--bad)}.winner{font-weight:700}
        .word{display:block;font-size:.8rem}
        code{font-size:.9em;overflow-wrap:anywhere}summary{cursor:pointer}
        svg{display:block;max-width:100%;height:auto}svg text{fill:var(--ink);font:11px system-ui,sans-serif}
        svg .axis{stroke:var(--line);stroke-width:1}svg .faint{fill:var(--faint)}
        svg .down{fill:var(--down)}svg .up{fill:var(--up)}svg .zombie{fill:url(#zombie-hatch)}
        svg .double{fill:url(#double-dots)}svg .fault{fill:var(--fault)}svg .censored{fill:none;stroke:var(--up)}
        svg .mark{stroke:var(--mark);stroke-width:1.5}.patterns{position:absolute}
        @media print{main{max-width:none;padding:0}.scroll{overflow:visible}.skip{display:none}
        h2,h3,figure{break-after:avoid}tr,figure{break-inside:avoid}*{print-color-adjust:exact}}
        figure{margin:.6rem 0}figcaption{color:var(--faint)}
        """
}
