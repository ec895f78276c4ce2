import Testing

@testable import Profile

@Suite("Units")
struct UnitTextTests {
    @Test(
        "durations are read with their units",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("2m", .seconds(120)),
            ("1h", .seconds(3_600)),
            ("1d", .seconds(86_400)), ("1m30s", .seconds(90)), ("1h1ms", .milliseconds(3_600_001)), ("0s", .zero),
            ("90s", .seconds(90)), ("250us", .microseconds(250)), ("1d2h3m4s5ms6us", .microseconds(93_784_005_006)),
        ]
    )
    func durations(text: String, value: Duration) {
        #expect(DurationText.parse(text) == value)
        #expect(DurationText.parse(DurationText.format(value)) == value)
    }

    @Test(
        "what is not a duration is not read",
        arguments: [
            "", "30", "0", "s", "-1s", "+1s", "1.5s", "1s1s", "1s1m", "1 s", " 1s", "1S", "1M", "1e3s", "1_0s", "٣s",
            "1ns",
            "99999999999999999999s", "9223372036854775807d", "1s ", "1w",
        ]
    )
    func notDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
        #expect(!DurationText.remedy(for: text).isEmpty)
    }

    @Test("durations are written with the fewest words")
    func durationFormat() {
        #expect(DurationText.format(.seconds(90)) == "1m30s")
        #expect(DurationText.format(.seconds(86_400)) == "1d")
        #expect(DurationText.format(.zero) == "0s")
        #expect(DurationText.format(.seconds(-5)) == "-5s")
    }

    @Test(
        "sizes are read with their units",
        arguments: [
            ("512B", 512), ("1kB", 1_000), ("1KiB", 1_024), ("1MiB", 1_048_576), ("2MB", 2_000_000), ("1GiB", 1 << 30),
            ("3GB", 3_000_000_000), ("0B", 0), ("1001B", 1_001),
        ]
    )
    func sizes(text: String, value: Int) {
        #expect(ByteSizeText.parse(text) == value)
        #expect(ByteSizeText.parse(ByteSizeText.format(value)) == value)
    }

    @Test(
        "what is not a size is not read",
        arguments: ["", "5", "KiB", "1KB", "1k", "1 B", "-1B", "9999999999999GiB", "1b"])
    func notSizes(text: String) {
        #expect(ByteSizeText.parse(text) == nil)
        #expect(!ByteSizeText.remedy(for: text).isEmpty)
    }

    @Test(
        "times are read and written",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2025-12-17T09:30:00Z", 1_765_963_800_000),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
            ("2000-03-01T00:00:00Z", 951_868_800_000),
        ]
    )
    func times(text: String, value: Int64) {
        #expect(TimestampText.parse(text) == value)
        #expect(TimestampText.format(milliseconds: value) == text)
    }

    @Test(
        "what is not a time in UTC is not read",
        arguments: [
            "2025-12-17", "2025-12-17T09:30Z", "2025-12-17T09:30:00", "2025-12-17T09:30:00+01:00",
            "2025-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z", "2025-12-17T24:00:00Z", "2025-12-17T23:59:60Z", "1969-12-31T23:59:59Z",
            "2025-12-17T09:30:00.Z", "2025-12-17T09:30:00.1234Z", "2025-12-17 09:30:00Z", "+025-12-17T09:30:00Z",
        ]
    )
    func notTimes(text: String) {
        #expect(TimestampText.parse(text) == nil)
    }

    @Test("endpoints and addresses get their usual spelling")
    func addresses() {
        #expect(AddressText.endpoint("[2001:DB8:0::1]:80")?.host == "2001:db8::1")
        #expect(AddressText.format(host: "2001:db8::1", port: 80) == "[2001:db8::1]:80")
        #expect(AddressText.endpoint("[::ffff:192.0.2.1]:80")?.host == "192.0.2.1")
        #expect(AddressText.endpoint("127.0.0.1:0")?.port == 0)
        for text in [
            "127.0.0.1", "127.0.0.1:", "127.0.0.01:1", "127.1:1", "256.0.0.1:1", "[127.0.0.1]:1", "::1:80", "[::1]",
            "a:1",
            "127.0.0.1:065", "127.0.0.1:65536", "127.0.0.1:+1", "[fe80::1%eth0]:1", ":1", "1.2.3.4:1:2", "[]:1",
        ] {
            #expect(AddressText.endpoint(text) == nil, "\(text)")
            #expect(!AddressText.endpointRemedy(for: text).isEmpty)
        }
    }

    @Test("the nearest word is found, and none where none is near")
    func spelling() {
        let words = ["interval", "timeout", "misses", "use"]
        #expect(Spelling.closest(to: "intervall", among: words) == "interval")
        #expect(Spelling.closest(to: "itnerval", among: words) == "interval")
        #expect(Spelling.closest(to: "TimeOut", among: words) == "timeout")
        #expect(Spelling.closest(to: "sue", among: words) == "use")
        #expect(Spelling.closest(to: "colour", among: words) == nil)
        #expect(Spelling.closest(to: "", among: words) == nil)
        #expect(Spelling.closest(to: String(repeating: "x", count: 100_000), among: words) == nil)
    }
}
