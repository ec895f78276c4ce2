extension ClaimTable {
    /// The seven promised metrics and the success criteria of the incident report of 2025-12-17.
    public static let incidentReport = ClaimTable(
        title: "The incident report of 2025-12-17, claim by claim",
        roles: Roles(
            before: "2025-12-17-quick-win",
            after: "2025-12-17-direction-everywhere",
            asRun: "2025-12-18-reply-key",
            ours: "node"
        ),
        claims: promises + linkCriteria + blockCriteria + costCriteria
    )

    private static let onlyLogText = "it is a line of that program's log, not a quantity"

    private static let promises = [
        Claim(
            "link lifetime",
            before: .init("30–120 s", .init(.linkLifetime, .between(30, 120))),
            after: .init("indefinite", .init(.linkLifetime, .unlimited)),
            note: "the report was closed minutes after the fix was committed: every \"after\" is an expectation."
        ),
        Claim(
            "reconnection attempts",
            before: .init("30+ per hour", .init(.dials, .atLeast(30))),
            after: .init("under 5 per hour", .init(.dials, .below(5)), .init(.reconnects, .below(5))),
            note: "the sibling documents of the report give other figures for the same time before the fix."
        ),
        Claim(
            "churn",
            before: .init("very high", notMeasurable: "no number was claimed"),
            after: .init("−95 %", .init(.reconnects, .reducedBy(0.95)))
        ),
        Claim(
            "CPU for networking",
            before: .init("2–3 %", .init(.cpu, .between(2, 3))),
            after: .init("under 1 %", .init(.cpu, .below(1))),
            note: "the laboratory measures the whole process, and only a live driver has a processor to measure."
        ),
        Claim(
            "log volume",
            before: .init("500 lines/h", .init(.logLines, .about(500))),
            after: .init("100 lines/h", .init(.logLines, .atMost(100))),
            note: "the sibling documents count per minute what the report counts per hour."
        ),
        Claim(
            "block production success",
            before: .init("under 50 %", .init(.blockSuccess, .below(0.5))),
            after: .init("100 %", .init(.blockSuccess, .atLeast(1))),
            note:
                "the stated cause, fewer than 3 peers, counts announced masternodes and not links; and with each node "
                + "electing from an unordered list, perfect links would not have led to one block per slot."
        ),
        Claim(
            "peers available",
            before: .init("1–3", .init(.connectedPeers, .wholeBetween(1, 3))),
            after: .init("5–6", .init(.connectedPeers, .wholeBetween(5, 6))),
            note: "a node of six has five peers at most."
        ),
    ]

    private static let linkCriteria = [
        Claim(
            "six nodes run the fix",
            after: .init("6 nodes", notMeasurable: "the scenario decides who takes part"),
            note: "two of the six hosts were not the team's to update: in truth it was a network of mixed versions."
        ),
        Claim(
            "handshakes",
            after: .init("all succeed", .init(.handshakeSuccess, .atLeast(1)))
        ),
        Claim(
            "stable links",
            after: .init("for an hour and more", .init(.linkLifetime, .atLeast(3_600)))
        ),
        Claim(
            "no EOF after periodic checks",
            after: .init("none", .init(.duplicateCloses, .atMost(0)))
        ),
        Claim(
            "EOF disconnections",
            after: .init("0–1 per hour", .init(.reconnects, .atMost(1))),
            note: "a link that came back is counted; one that ended for good shows in the connected peers."
        ),
        Claim(
            "\"Skipping outbound\" at each check",
            after: .init("logged", notMeasurable: onlyLogText),
            note:
                "the report's example lines are right in the order of text, in which the code compared addresses; the "
                + "sibling documents draw the numeric order."
        ),
    ]

    private static let blockCriteria = [
        Claim(
            "blocks active and consistent",
            after: .init(
                "all nodes agree",
                .init(.forks, .atMost(0)),
                .init(.missedSlots, .below(1))
            )
        ),
        Claim(
            "block interval",
            after: .init("a block every 10 s", notMeasurable: "the network file sets the interval, not a profile"),
            note: "that network's interval was ten minutes in every version."
        ),
        Claim(
            "missed blocks",
            after: .init("0 %", .init(.missedSlots, .atMost(0)))
        ),
    ]

    private static let costCriteria = [
        Claim(
            "CPU",
            after: .init("under 5 %", .init(.cpu, .below(5)))
        ),
        Claim(
            "memory",
            after: .init("steady", notMeasurable: "a run ends with one figure, which has no trend")
        ),
        Claim(
            "log lines",
            after: .init("under 200 per hour", .init(.logLines, .below(200)))
        ),
        Claim(
            "traffic",
            after: .init("steady", notMeasurable: "a run ends with one rate, which has no trend")
        ),
    ]
}
