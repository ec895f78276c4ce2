extension EventList {
    /// A starts at 0 s, B at 1 s.
    static let replyKeyLowerFirst = EventList(
        record: "0006-reply-key.md",
        text: """
               0.00 A dial-started    B #1
               0.08 A dial-failed     B #1   connection-refused
              10.08 A dial-started    B #2
              10.16 A handshake-begun B #2
              10.20 B link-up         A #1   accepted
              10.24 A link-up         B #2   dialled
             100.24 A link-ended      B #2   ping-timeout by us
             105.24 A dial-started    B #3
             105.32 A handshake-begun B #3
             105.36 B link-up         A #2   accepted
             105.40 A link-up         B #3   dialled
             105.44 B link-ended      A #1   end-of-stream by peer
             195.40 A link-ended      B #3   ping-timeout by us
             200.40 A dial-started    B #4
             200.48 A handshake-begun B #4
             200.52 B link-up         A #3   accepted
             200.56 A link-up         B #4   dialled
             200.60 B link-ended      A #2   end-of-stream by peer
             290.56 A link-ended      B #4   ping-timeout by us
             295.56 A dial-started    B #5
             295.64 A handshake-begun B #5
             295.68 B link-up         A #4   accepted
             295.72 A link-up         B #5   dialled
             295.76 B link-ended      A #3   end-of-stream by peer
             385.72 A link-ended      B #5   ping-timeout by us
             390.72 A dial-started    B #6
             390.80 A handshake-begun B #6
             390.84 B link-up         A #5   accepted
             390.88 A link-up         B #6   dialled
             390.92 B link-ended      A #4   end-of-stream by peer
             480.88 A link-ended      B #6   ping-timeout by us
             485.88 A dial-started    B #7
             485.96 A handshake-begun B #7
             486.00 B link-up         A #6   accepted
             486.04 A link-up         B #7   dialled
             486.08 B link-ended      A #5   end-of-stream by peer
             576.04 A link-ended      B #7   ping-timeout by us
             581.04 A dial-started    B #8
             581.12 A handshake-begun B #8
             581.16 B link-up         A #7   accepted
             581.20 A link-up         B #8   dialled
             581.24 B link-ended      A #6   end-of-stream by peer
            """
    )

    /// B starts at 0 s, A at 1 s.
    static let replyKeyHigherFirst = EventList(
        record: "0006-reply-key.md",
        text: """
               1.00 A dial-started    B #1
               1.08 A handshake-begun B #1
               1.12 B link-up         A #1   accepted
               1.16 A link-up         B #1   dialled
              91.16 A link-ended      B #1   ping-timeout by us
              96.16 A dial-started    B #2
              96.24 A handshake-begun B #2
              96.28 B link-up         A #2   accepted
              96.32 A link-up         B #2   dialled
              96.36 B link-ended      A #1   end-of-stream by peer
             186.32 A link-ended      B #2   ping-timeout by us
             191.32 A dial-started    B #3
             191.40 A handshake-begun B #3
             191.44 B link-up         A #3   accepted
             191.48 A link-up         B #3   dialled
             191.52 B link-ended      A #2   end-of-stream by peer
             281.48 A link-ended      B #3   ping-timeout by us
             286.48 A dial-started    B #4
             286.56 A handshake-begun B #4
             286.60 B link-up         A #4   accepted
             286.64 A link-up         B #4   dialled
             286.68 B link-ended      A #3   end-of-stream by peer
             376.64 A link-ended      B #4   ping-timeout by us
             381.64 A dial-started    B #5
             381.72 A handshake-begun B #5
             381.76 B link-up         A #5   accepted
             381.80 A link-up         B #5   dialled
             381.84 B link-ended      A #4   end-of-stream by peer
             471.80 A link-ended      B #5   ping-timeout by us
             476.80 A dial-started    B #6
             476.88 A handshake-begun B #6
             476.92 B link-up         A #6   accepted
             476.96 A link-up         B #6   dialled
             477.00 B link-ended      A #5   end-of-stream by peer
             566.96 A link-ended      B #6   ping-timeout by us
             571.96 A dial-started    B #7
             572.04 A handshake-begun B #7
             572.08 B link-up         A #7   accepted
             572.12 A link-up         B #7   dialled
             572.16 B link-ended      A #6   end-of-stream by peer
            """
    )
}
