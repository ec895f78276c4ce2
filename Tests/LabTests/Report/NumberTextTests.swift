import Testing

@testable import Lab

@Suite struct NumberTextTests {
    @Test(
        "numbers show about three digits",
        arguments: [
            (0, "0"), (-0.0, "0"), (5, "5"), (62.74, "62.7"), (9.996, "10.0"), (99.96, "100"), (-1.5, "-1.50"),
            (3_600, "3600"), (9_999.4, "9999"), (12_345, "12.3k"), (1_234_567, "1.23M"), (2.5e9, "2.50G"),
            (0.05, "0.050"), (0.0004, "0.0004"), (1e20, "100000000000G"), (.infinity, "–"),
        ]
    )
    func numbers(value: Double, text: String) {
        #expect(NumberText.number(value) == text)
    }

    @Test(
        "a ratio that is not whole never reads as 0 or 1",
        arguments: [(1, "1"), (0, "0"), (0.5, "0.500"), (0.99996, "0.99996"), (0.00004, "0.00004"), (0.9996, "0.9996")]
    )
    func ratios(value: Double, text: String) {
        #expect(NumberText.value(value, .ratio) == text)
    }

    @Test("units stand where people put them")
    func units() {
        #expect(NumberText.valueWithUnit(62.7, .seconds) == "62.7 s")
        #expect(NumberText.valueWithUnit(30, .perHour) == "30/h")
        #expect(NumberText.valueWithUnit(50_300_000, .bytes) == "50.3 MB")
        #expect(NumberText.valueWithUnit(512, .bytes) == "512 B")
        #expect(NumberText.clock(7_200) == "2 h" && NumberText.clock(90) == "90 s" && NumberText.clock(0) == "0 s")
        #expect(NumberText.pValue(0.0004) == "p < 0.001" && NumberText.pValue(0.0123) == "p = 0.012")
    }

    @Test("foreign text is harmless in every output")
    func escapes() {
        let text = "a|<b>&\"'\u{1B}[31m\u{202E}\n*"
        #expect(TextEscape.html(text) == "a|&lt;b&gt;&amp;&quot;&#39; [31m  *")
        #expect(TextEscape.markdown(text) == "a\\|\\<b\\>&\"' \\[31m  \\*")
        #expect(TextEscape.json("\"\\\n\u{1B}é") == "\"\\\"\\\\\\n\\u001bé\"")
    }

    @Test("axis positions grow with the value and stay within the axis")
    func axis() {
        let scale = AxisScale(decadesFrom: 0.3, to: 4_000)
        #expect(scale.ticks.first == 0.2 && scale.ticks.last == 5_000)
        let places = [0.1, 0.2, 0.3, 1, 60, 61, 4_000, 9_999].map(scale.position)
        #expect(places.first == 0 && places.last == 1 && places == places.sorted())
        #expect(AxisScale(decadesFrom: 10, to: 10).ticks.count == 2)
        #expect(AxisScale(timeTo: 200).ticks == [0, 30, 60, 90, 120, 150, 180, 200])
        #expect(AxisScale(timeTo: 0).ticks == [0, 1])
        #expect(AxisScale(timeTo: 31_536_000).ticks.count <= 14)
    }
}
