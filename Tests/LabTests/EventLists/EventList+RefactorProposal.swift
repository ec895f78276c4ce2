extension EventList {
    /// A starts at 0 s, B at 1 s; R is the moment of A's second dial, which is drawn.
    static let proposalLowerFirst = EventList(
        record: "0007-refactor-proposal.md",
        text: """
               0.00 A dial-started    B #1
               0.08 A dial-failed     B #1   connection-refused
                  R A dial-started    B #2
             R+0.08 A handshake-begun B #2
             R+0.16 A link-up         B #2   dialled
             R+0.20 B link-up         A #1   accepted
            """
    )

    /// B starts at 0 s, A at 1 s.
    static let proposalHigherFirst = EventList(
        record: "0007-refactor-proposal.md",
        text: """
               1.00 A dial-started    B #1
               1.08 A handshake-begun B #1
               1.16 A link-up         B #1   dialled
               1.20 B link-up         A #1   accepted
            """
    )
}
