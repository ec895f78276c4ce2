/// A row of a figure: a name, and beside it (above it on a narrow page) a strip over the figure's axis.
///
/// Places along the axis are percentages and text is text of the page, so that a strip gets as wide as the page
/// allows while letters, marks and lines keep their size.
enum Lane {
    /// Units of a stretched drawing from its left to its right end.
    static let units = 1_000.0

    /// A row.
    ///
    /// - Parameters:
    ///   - name: what the strip shows.
    ///   - note: a few words below the name.
    ///   - title: the strip in words, for those who cannot see it and for the pointer.
    static func row(_ name: String, note: String? = nil, title: String, height: Int, _ shapes: [Markup]) -> Markup {
        let label = [Markup(name)] + (note.map { [Markup("small", $0)] } ?? [])
        return Markup(
            "div", ["class": "lane"], [Markup("div", ["class": "name"], label), strip(title, height, shapes)])
    }

    /// The strip alone.
    static func strip(_ title: String, _ height: Int, _ shapes: [Markup]) -> Markup {
        Markup(
            "svg", ["class": "strip", "width": "100%", "height": "\(height)", "role": "img"],
            [Markup("title", title)] + shapes
        )
    }

    /// A drawing `units` wide and `height` high that fills the strip's width, from `top` on.
    static func stretched(top: Double = 0, height: Double, _ shapes: [Markup]) -> Markup {
        Markup(
            "svg",
            [
                "x": "0", "y": number(top), "width": "100%", "height": number(height),
                "viewBox": "0 0 \(number(units)) \(number(height))", "preserveAspectRatio": "none",
            ],
            shapes
        )
    }

    /// The axis below the rows.
    static func axis(_ scale: AxisScale, label: (Double) -> String) -> Markup {
        Markup("div", ["class": "lane"], [Markup("div", ["class": "name"], ""), axisStrip(scale, label: label)])
    }

    /// The axis alone.
    static func axisStrip(_ scale: AxisScale, label: (Double) -> String) -> Markup {
        let last = scale.ticks.count - 1
        let shapes = scale.ticks.enumerated().flatMap { index, tick -> [Markup] in
            let place = scale.position(tick)
            let line = Markup.shape(
                "line", ["class": "axis", "x1": percent(place), "x2": percent(place), "y1": "0", "y2": "4"])
            // The end of the axis rarely falls on a step: its label gives way where they would touch.
            if index == last - 1, index > 0, 1 - place < 0.07 { return [line] }
            let anchor = index == 0 ? "start" : index == last ? "end" : "middle"
            // On a narrow page every other label is hidden.
            let isMinor = index % 2 == 1 && index != last || index == last - 1 && index > 0
            return [
                line,
                Markup(
                    "text",
                    [
                        "class": isMinor ? "minor" : "tick", "x": percent(place), "y": "15", "text-anchor": anchor,
                    ],
                    label(tick)
                ),
            ]
        }
        return Markup("svg", ["class": "strip", "width": "100%", "height": "19", "aria-hidden": "true"], shapes)
    }

    /// The faults of a plan as bands behind a strip.
    static func bands(_ faults: [FaultMark], duration: Double) -> [Markup] {
        let scale = AxisScale(timeTo: duration)
        return faults.map { fault in
            let from = scale.position(fault.start)
            let to = scale.position(fault.end ?? duration)
            return Markup(
                "rect",
                [
                    "class": "fault", "x": percent(from), "y": "0", "width": percent(max(to - from, 0.002)),
                    "height": "100%",
                ],
                [Markup("title", describe(fault))]
            )
        }
    }

    /// `n2 stalls, 10 min to 12 min`.
    static func describe(_ fault: FaultMark) -> String {
        guard let end = fault.end else { return "\(fault.label), from \(NumberText.moment(fault.start)) on" }
        return "\(fault.label), \(NumberText.moment(fault.start)) to \(NumberText.moment(end))"
    }

    /// Bars of equal width from left to right, standing on `base`; each is (what lies below it, itself).
    static func bars(_ heights: [(below: Double, height: Double)], base: Double, gap: Double = 0.6) -> String {
        let width = units / Double(max(heights.count, 1))
        var data = ""
        for (index, bar) in heights.enumerated() where bar.height > 0 {
            data += "M\(number(Double(index) * width)) \(number(base - bar.below))v-\(number(bar.height))"
            data += "h\(number(width - gap))v\(number(bar.height))z"
        }
        return data
    }

    static func percent(_ share: Double) -> String { "\(number(share * 100, decimals: 2))%" }

    static func number(_ value: Double, decimals: Int = 1) -> String {
        var text = NumberText.fixed(value, decimals: decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
