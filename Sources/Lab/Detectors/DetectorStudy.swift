import Kernel
import Profile

/// A study of liveness modules: each detector in each case, on the same seeds.
public struct DetectorStudy: Sendable {
    public var detectors: [Detector]
    public var cases: [Case]

    /// One way to configure liveness.
    public struct Detector: Sendable {
        public var name: String
        /// What is changed in the profile, as with --set.
        public var overrides: [String]
        /// What others report of it or of its like.
        public var reported: String
    }

    /// One scenario and what is asked of it.
    public struct Case: Sendable {
        /// The scenario's name.
        public var scenario: String
        public var title: String
        /// Virtual hours that each detector is run for, in a whole page.
        public var hours: Int
        /// What there is to know beside the figures.
        public var remark: String?
    }

    private static let spec = OptionSpec([
        .list(
            "detectors",
            of: .record(
                OptionSpec([
                    .string("name", maxBytes: 60, "what it is called in the page"),
                    .list(
                        "set", of: .string(maxBytes: 300), default: [], "what is changed in the profile, as with --set"
                    ),
                    .string("reported", maxBytes: 1000, "what others report of it or of its like"),
                ])
            ), "the rows of each table"
        ),
        .list(
            "cases",
            of: .record(
                OptionSpec([
                    .string("scenario", maxBytes: 100, "the name of the scenario"),
                    .string("title", maxBytes: 200, "what happens in it"),
                    .integer("hours", default: 100, in: 1...1_000_000, "virtual hours of each detector"),
                    .optionalString("remark", maxBytes: 1000, "what there is to know beside the figures"),
                ])
            ), "the tables, in order"
        ),
    ])

    /// Reads a study.
    public static func load(path: String) -> LoadOutcome<DetectorStudy> {
        DocumentLoader().load(path: path, spec: spec, what: "the study").map(make)
    }

    /// Reads a study from text.
    public static func load(text: String, name: String) -> LoadOutcome<DetectorStudy> {
        DocumentLoader().load(text: text, name: name, spec: spec, what: "the study").map(make)
    }

    private static func make(_ options: Options) -> DetectorStudy {
        DetectorStudy(
            detectors: options.records("detectors").map {
                Detector(name: $0.string("name"), overrides: $0.strings("set"), reported: $0.string("reported"))
            },
            cases: options.records("cases").map {
                Case(
                    scenario: $0.string("scenario"), title: $0.string("title"), hours: $0.integer("hours"),
                    remark: $0.optionalString("remark")
                )
            }
        )
    }
}
