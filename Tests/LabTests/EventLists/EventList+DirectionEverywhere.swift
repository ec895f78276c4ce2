extension EventList {
    /// A starts at 0 s, B at 1 s.
    static let everywhereLowerFirst = EventList(
        record: "0005-direction-everywhere.md",
        text: """
               0.00 A dial-started    B #1
               0.08 A dial-failed     B #1   connection-refused
              10.08 A dial-started    B #2
              10.16 A handshake-begun B #2
              10.20 B link-up         A #1   accepted
              10.24 A link-up         B #2   dialled
            """
    )

    /// B starts at 0 s, A at 1 s.
    static let everywhereHigherFirst = EventList(
        record: "0005-direction-everywhere.md",
        text: """
               1.00 A dial-started    B #1
               1.08 A handshake-begun B #1
               1.12 B link-up         A #1   accepted
               1.16 A link-up         B #1   dialled
            """
    )
}
