extension EventList {
    /// A starts at 0 s, B at 1 s.
    static let passiveWaitLowerFirst = EventList(
        record: "0008-passive-wait.md",
        text: """
               1.00 B dial-started    A #1
               1.08 B handshake-begun A #1
               1.12 A link-up         B #1   accepted
               1.16 B link-up         A #1   dialled
            """
    )

    /// B starts at 0 s, A at 1 s; R is the moment of B's second dial, which is drawn.
    static let passiveWaitHigherFirst = EventList(
        record: "0008-passive-wait.md",
        text: """
               0.00 B dial-started    A #1
               0.08 B dial-failed     A #1   connection-refused
                  R B dial-started    A #2
             R+0.08 B handshake-begun A #2
             R+0.12 A link-up         B #1   accepted
             R+0.16 B link-up         A #2   dialled
            """
    )

    /// A starts at 0 s, B at 1 s, and nobody can dial A: what A does.
    static let passiveWaitClosedDoor = EventList(
        record: "0008-passive-wait.md",
        text: """
             180.00 A dial-started    B #1
             180.08 A handshake-begun B #1
             180.16 A link-up         B #1   dialled
            """
    )
}
