import Wire

/// Which mark and colour each reason of a link's end has on a page: the same for every profile, the most frequent
/// reasons first, what is rarer under one common mark.
struct EndReasonMarks {
    /// Reasons with a mark of their own.
    static let ownMarks = 4

    /// The reasons of all profiles, the most frequent first.
    let reasons: [String]

    init(_ histories: [ProfileHistory], timelines: [LinkTimeline] = []) {
        var all = RunHistory()
        for history in histories { all.add(history.history) }
        var reasons = all.rankedEnds.map(\.reason)
        // A page may have timelines without histories.
        for end in timelines.lazy.flatMap(\.pairs).flatMap(\.ends) where !reasons.contains(end.reason) {
            reasons.append(end.reason)
        }
        self.reasons = reasons
    }

    /// Classes of the marks in use, `end1` …; the last one stands for all rarer reasons.
    var marks: [String] { (0..<min(reasons.count, Self.ownMarks + 1)).map { "end\($0 + 1)" } }

    /// The mark of a reason.
    func mark(_ reason: String) -> String {
        "end\(min(reasons.firstIndex(of: reason) ?? Self.ownMarks, Self.ownMarks) + 1)"
    }

    /// The shapes behind the marks, drawn around the origin; defined once a page.
    static let shapes: [Markup] = [
        .shape("circle", ["id": "end1", "class": "end1", "r": "3.4"]),
        .shape("path", ["id": "end2", "class": "end2", "d": "M0-4.4L4.4 0L0 4.4L-4.4 0z"]),
        .shape("path", ["id": "end3", "class": "end3", "d": "M0-4L4 3.4H-4z"]),
        .shape("path", ["id": "end4", "class": "end4", "d": "M-3.2-3.2h6.4v6.4h-6.4z"]),
        .shape(
            "path",
            [
                "id": "end5", "class": "end5",
                "d": "M-3.4-2.2L-2.2-3.4L0-1.2L2.2-3.4L3.4-2.2L1.2 0L3.4 2.2L2.2 3.4L0 1.2L-2.2 3.4L-3.4 2.2L-1.2 0z",
            ]),
    ]

    /// One mark in running text.
    static func icon(_ mark: String) -> Markup {
        Markup(
            "svg", ["class": "icon", "width": "11", "height": "11", "aria-hidden": "true"],
            [.shape("use", ["href": "#\(mark)", "x": "5.5", "y": "5.5"])]
        )
    }

    /// What the marks mean.
    var legend: Markup {
        let items = reasons.enumerated().map { index, reason in
            Markup(
                "li",
                [Self.icon(mark(reason)), Markup(" "), Markup("b", reason)]
                    + (Self.meaning(reason).map { [Markup(": \($0)")] } ?? [])
            )
        }
        return Markup("ul", ["class": "legend"], items)
    }

    /// A reason of the end of a link that was up, in words; nil for a word that this version does not know.
    static func meaning(_ word: String) -> String? {
        guard let reason = Reason(rawValue: word) else { return nil }
        return switch reason {
        case .endOfStream: "the other end closed the connection"
        case .reset: "the other end's kernel reset the connection"
        case .timedOut: "the own kernel gave up, having no answer to data or probes"
        case .connectionRefused, .connectTimeout, .unreachable, .transportFailed, .tlsFailed, .tlsTimeout:
            "the transport failed"
        case .handshakeTimeout: "the handshake was not over in time"
        case .unexpectedMessage, .protocolVersion, .badFrame, .frameTooLarge: "what arrived broke the protocol"
        case .differentAgreement: "both ends disagreed about what the whole network has to hold alike"
        case .wrongNetwork, .wrongIdentity, .badSignature, .selfConnection, .identityInUse, .certificateExpired:
            "the other end was not who it had to be"
        case .staleDial: "an old dial that arrived late"
        case .tooManyLinks: "this end had as many links as it takes"
        case .tooFast: "the other end's address connected faster than is taken in"
        case .banned: "the other end had broken the protocol before"
        case .evicted: "this end needed the place for another peer"
        case .rateLimited: "the other end went on saying more than its share"
        case .duplicate: "the pair had another link"
        case .glare: "both ends had dialled, and this link lost"
        case .superseded, .replaced: "a newer link of the pair took its place"
        case .pingTimeout: "pings went unanswered"
        case .silent: "nothing arrived for too long"
        case .queueFull: "too much waited to be sent"
        case .tooManyMessages: "the other end sent more than its share"
        case .notWanted: "this end no longer wanted the link"
        case .shutdown: "this end shut down"
        case .other: "a reason that this version does not know"
        }
    }
}
