import Profile
import Testing

@Suite("Options")
struct OptionsTests {
    private let spec = OptionSpec([
        .duration("interval", default: .seconds(30), in: .seconds(1) ... .seconds(600), "time between pings"),
        .optionalInteger("probes", in: 1...9, "probes"),
        .list("ids", of: .integer(0...9), default: [.integer(1)], "numbers"),
        .record("inner", OptionSpec([.boolean("on", default: true, "a switch")]), "more"),
    ])

    @Test("defaults fill everything that is not required")
    func defaults() throws {
        let options = try Options.defaults(of: spec)
        #expect(options.duration("interval") == .seconds(30))
        #expect(options.optionalInteger("probes") == nil)
        #expect(options.integers("ids") == [1])
        #expect(options.record("inner").boolean("on"))
        #expect(options.has("probes"))
        #expect(!options.has("prob"))
    }

    @Test("a required option has no default, and the error says what it is for")
    func required() {
        let spec = OptionSpec([.endpoint("listen", "where others reach this node")])
        #expect(!spec.hasOnlyDefaults)
        let error = #expect(throws: OptionsError.self) { try Options.defaults(of: spec) }
        #expect(error?.code == .missingKey)
        #expect(
            error?.message == "'listen' has no default: state it (endpoint, required: where others reach this node)")
    }

    @Test("options are equal by value, wherever the values came from")
    func equality() throws {
        let options = try Options.defaults(of: spec)
        let same = options.setting("interval", to: .duration(.seconds(30)))
        #expect(same.provenance(of: "interval") == .override("interval"))
        #expect(same == options)
        #expect(same.hashValue == options.hashValue)
        #expect(options.setting("probes", to: .integer(2)) != options)
    }

    @Test("an option that the module does not declare stops the program with the module, the line and what was meant")
    func undeclared() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let options = try Options.defaults(of: Self.misread.options)
            _ = options.duration("quite")
        }
        let words = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(words.contains("ProfileTests/OptionsTests.swift:"), "\(words)")
        #expect(
            words.contains(
                "liveness 'ack-counter' declares no option 'quite'. Did you mean 'quiet'? It declares quiet, probes, waits."
            ),
            "\(words)"
        )
    }

    @Test("an option that is read as another type, or as present where it may be unset, is told with the right reader")
    func misread() async throws {
        let asInteger = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Options.defaults(of: Self.misread.options).integer("quiet")
        }
        let integer = String(decoding: try #require(asInteger).standardErrorContent, as: UTF8.self)
        #expect(
            integer.contains("is declared as a duration, and cannot be read with 'integer': write duration(\"quiet\")"))
        let asPresent = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Options.defaults(of: Self.misread.options).integer("probes")
        }
        let present = String(decoding: try #require(asPresent).standardErrorContent, as: UTF8.self)
        #expect(present.contains("may be unset, and is: write optionalInteger(\"probes\"), which is nil then"))
        let asTexts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Options.defaults(of: Self.misread.options).strings("waits")
        }
        let texts = String(decoding: try #require(asTexts).standardErrorContent, as: UTF8.self)
        #expect(texts.contains("cannot be read with 'strings': write durations(\"waits\")"))
    }

    private static let misread = ModuleSpec(
        role: "liveness", id: "ack-counter", version: "1", stability: .alpha, summary: "s", posture: "p",
        options: OptionSpec([
            .duration(
                "quiet", default: .seconds(10), in: .seconds(1) ... .seconds(600), "how long a link may be quiet"),
            .optionalInteger("probes", in: 1...9, "how many"),
            .list("waits", of: .duration(.zero ... .seconds(9)), default: [.duration(.seconds(1))], "how long each"),
        ])
    )

    @Test("a block whose options include a required one is required itself")
    func requiredBlock() {
        let inner = OptionSpec([.integer("count", in: 1...9, "how many")])
        #expect(OptionField.record("inner", inner, "more").isRequired)
        #expect(!OptionField.optionalRecord("inner", inner, "more").isRequired)
    }

    @Test("the value of a union says its kind")
    func unions() throws {
        let events = OptionSpec([
            .list(
                "events",
                of: .union(
                    [
                        UnionCase("power_loss", [.integer("node", in: 0...99, "which")], "a host goes dark"),
                        UnionCase("heal", [], "all faults end"),
                    ],
                    common: OptionSpec([.duration("at", in: .zero ... .seconds(3_600), "when")])
                ),
                "what happens"
            )
        ])
        let text = "events:\n  - {at: 5m, power_loss: {node: 3}}\n  - {at: 6m, heal: }\n  - at: 7m\n    heal: {}\n"
        let outcome = DocumentLoader().load(text: text, name: "plan.yaml", spec: events)
        #expect(outcome.renderedDiagnostics() == "")
        let records = try #require(outcome.value).records("events")
        #expect(records.map(\.variant) == ["power_loss", "heal", "heal"])
        #expect(records[0].record("power_loss").integer("node") == 3)
        #expect(records[0].optionalRecord("heal") == nil)
        #expect(records[1].duration("at") == .seconds(360))
    }

    @Test("a document that is empty, or lacks a key, is refused with its name")
    func documents() {
        let spec = OptionSpec([.integer("count", in: 1...9, "how many")])
        let outcome = DocumentLoader().load(text: "{}", name: "plan.yaml", spec: spec, what: "the scenario")
        #expect(
            outcome.renderedDiagnostics() == """
                plan.yaml: error: the scenario lacks the key 'count'
                      = add for example 'count: 1' (integer, 1…9, required: how many)
                1 problem (1 error). Nothing was started.

                """
        )
    }

    @Test("quorums are fractions above 0 and up to 1")
    func quorum() {
        #expect(Quorum("2/3") == .twoThirds)
        #expect(Quorum("1/1")?.votes(of: 6) == 6)
        #expect(Quorum.twoThirds.votes(of: 6) == 4)
        #expect(Quorum.twoThirds.votes(of: 7) == 5)
        for text in ["0/3", "4/3", "2", "2/", "/3", "2/3/4", " 2/3", "02/3", "-1/3", "2/0", "1/1001"] {
            #expect(Quorum(text) == nil, "\(text)")
        }
    }
}
