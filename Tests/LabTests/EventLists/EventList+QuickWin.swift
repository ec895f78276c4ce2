extension EventList {
    /// A starts at 0 s, B at 1 s.
    static let quickWinLowerFirst = EventList(
        record: "0004-quick-win.md",
        text: """
               0.00 A dial-started    B #1
               0.08 A dial-failed     B #1   connection-refused
              10.08 A dial-started    B #2
              10.16 A handshake-begun B #2
              10.20 B link-up         A #1   accepted
              10.24 A link-up         B #2   dialled
             121.00 B dial-started    A #2
             121.08 B handshake-begun A #2
             121.12 A refused         B #3   duplicate
             121.12 A attempt-ended   B #3   duplicate by us
             121.16 B link-ended      A #1   end-of-stream by peer
             121.16 B link-up         A #2   dialled
             121.20 A link-ended      B #2   end-of-stream by peer
             126.20 A dial-started    B #4
             126.28 A handshake-begun B #4
             126.32 B link-up         A #3   accepted
             126.36 A link-up         B #4   dialled
             126.40 B link-ended      A #2   reset by transport
             241.00 B dial-started    A #4
             241.08 B handshake-begun A #4
             241.12 A refused         B #5   duplicate
             241.12 A attempt-ended   B #5   duplicate by us
             241.16 B link-ended      A #3   end-of-stream by peer
             241.16 B link-up         A #4   dialled
             241.20 A link-ended      B #4   end-of-stream by peer
             246.20 A dial-started    B #6
             246.28 A handshake-begun B #6
             246.32 B link-up         A #5   accepted
             246.36 A link-up         B #6   dialled
             246.40 B link-ended      A #4   reset by transport
             361.00 B dial-started    A #6
             361.08 B handshake-begun A #6
             361.12 A refused         B #7   duplicate
             361.12 A attempt-ended   B #7   duplicate by us
             361.16 B link-ended      A #5   end-of-stream by peer
             361.16 B link-up         A #6   dialled
             361.20 A link-ended      B #6   end-of-stream by peer
             366.20 A dial-started    B #8
             366.28 A handshake-begun B #8
             366.32 B link-up         A #7   accepted
             366.36 A link-up         B #8   dialled
             366.40 B link-ended      A #6   reset by transport
             481.00 B dial-started    A #8
             481.08 B handshake-begun A #8
             481.12 A refused         B #9   duplicate
             481.12 A attempt-ended   B #9   duplicate by us
             481.16 B link-ended      A #7   end-of-stream by peer
             481.16 B link-up         A #8   dialled
             481.20 A link-ended      B #8   end-of-stream by peer
             486.20 A dial-started    B #10
             486.28 A handshake-begun B #10
             486.32 B link-up         A #9   accepted
             486.36 A link-up         B #10  dialled
             486.40 B link-ended      A #8   reset by transport
             601.00 B dial-started    A #10
             601.08 B handshake-begun A #10
             601.12 A refused         B #11  duplicate
             601.12 A attempt-ended   B #11  duplicate by us
             601.16 B link-ended      A #9   end-of-stream by peer
             601.16 B link-up         A #10  dialled
             601.20 A link-ended      B #10  end-of-stream by peer
             606.20 A dial-started    B #12
             606.28 A handshake-begun B #12
             606.32 B link-up         A #11  accepted
             606.36 A link-up         B #12  dialled
             606.40 B link-ended      A #10  reset by transport
            """
    )

    /// B starts at 0 s, A at 1 s.
    static let quickWinHigherFirst = EventList(
        record: "0004-quick-win.md",
        text: """
               1.00 A dial-started    B #1
               1.08 A handshake-begun B #1
               1.12 B link-up         A #1   accepted
               1.16 A link-up         B #1   dialled
             120.00 B dial-started    A #2
             120.08 B handshake-begun A #2
             120.12 A refused         B #2   duplicate
             120.12 A attempt-ended   B #2   duplicate by us
             120.16 B link-ended      A #1   end-of-stream by peer
             120.16 B link-up         A #2   dialled
             120.20 A link-ended      B #1   end-of-stream by peer
             121.00 A dial-started    B #3
             121.08 A handshake-begun B #3
             121.12 B link-up         A #3   accepted
             121.16 A link-up         B #3   dialled
             121.20 B link-ended      A #2   reset by transport
             240.00 B dial-started    A #4
             240.08 B handshake-begun A #4
             240.12 A refused         B #4   duplicate
             240.12 A attempt-ended   B #4   duplicate by us
             240.16 B link-ended      A #3   end-of-stream by peer
             240.16 B link-up         A #4   dialled
             240.20 A link-ended      B #3   end-of-stream by peer
             241.00 A dial-started    B #5
             241.08 A handshake-begun B #5
             241.12 B link-up         A #5   accepted
             241.16 A link-up         B #5   dialled
             241.20 B link-ended      A #4   reset by transport
             360.00 B dial-started    A #6
             360.08 B handshake-begun A #6
             360.12 A refused         B #6   duplicate
             360.12 A attempt-ended   B #6   duplicate by us
             360.16 B link-ended      A #5   end-of-stream by peer
             360.16 B link-up         A #6   dialled
             360.20 A link-ended      B #5   end-of-stream by peer
             361.00 A dial-started    B #7
             361.08 A handshake-begun B #7
             361.12 B link-up         A #7   accepted
             361.16 A link-up         B #7   dialled
             361.20 B link-ended      A #6   reset by transport
             480.00 B dial-started    A #8
             480.08 B handshake-begun A #8
             480.12 A refused         B #8   duplicate
             480.12 A attempt-ended   B #8   duplicate by us
             480.16 B link-ended      A #7   end-of-stream by peer
             480.16 B link-up         A #8   dialled
             480.20 A link-ended      B #7   end-of-stream by peer
             481.00 A dial-started    B #9
             481.08 A handshake-begun B #9
             481.12 B link-up         A #9   accepted
             481.16 A link-up         B #9   dialled
             481.20 B link-ended      A #8   reset by transport
             600.00 B dial-started    A #10
             600.08 B handshake-begun A #10
             600.12 A refused         B #10  duplicate
             600.12 A attempt-ended   B #10  duplicate by us
             600.16 B link-ended      A #9   end-of-stream by peer
             600.16 B link-up         A #10  dialled
             600.20 A link-ended      B #9   end-of-stream by peer
             601.00 A dial-started    B #11
             601.08 A handshake-begun B #11
             601.12 B link-up         A #11  accepted
             601.16 A link-up         B #11  dialled
             601.20 B link-ended      A #10  reset by transport
            """
    )
}
