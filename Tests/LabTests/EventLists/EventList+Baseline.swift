extension EventList {
    /// A starts at 0 s, B at 1 s; ten minutes.
    static let baselineLowerFirst = EventList(
        record: "0003-baseline.md",
        text: """
               0.00 A dial-started    B #1
               0.08 A dial-failed     B #1   connection-refused
               1.00 B dial-started    A #1
               1.08 B handshake-begun A #1
               1.12 A link-up         B #2   accepted
               1.16 B link-up         A #1   dialled
              10.08 A dial-started    B #3
              10.16 A handshake-begun B #3
              10.20 B refused         A #2   duplicate
              10.20 B attempt-ended   A #2   duplicate by us
              10.24 A attempt-ended   B #3   end-of-stream by peer
              30.24 A dial-started    B #4
              30.32 A handshake-begun B #4
              30.36 B refused         A #3   duplicate
              30.36 B attempt-ended   A #3   duplicate by us
              30.40 A attempt-ended   B #4   end-of-stream by peer
              70.40 A dial-started    B #5
              70.48 A handshake-begun B #5
              70.52 B refused         A #4   duplicate
              70.52 B attempt-ended   A #4   duplicate by us
              70.56 A attempt-ended   B #5   end-of-stream by peer
             120.00 A dial-started    B #6
             120.08 A handshake-begun B #6
             120.12 B refused         A #5   duplicate
             120.12 B attempt-ended   A #5   duplicate by us
             120.16 A attempt-ended   B #6   end-of-stream by peer
             130.16 A dial-started    B #7
             130.24 A handshake-begun B #7
             130.28 B refused         A #6   duplicate
             130.28 B attempt-ended   A #6   duplicate by us
             130.32 A attempt-ended   B #7   end-of-stream by peer
             150.32 A dial-started    B #8
             150.40 A handshake-begun B #8
             150.44 B refused         A #7   duplicate
             150.44 B attempt-ended   A #7   duplicate by us
             150.48 A attempt-ended   B #8   end-of-stream by peer
             150.56 A dial-started    B #9
             150.64 A handshake-begun B #9
             150.68 B refused         A #8   duplicate
             150.68 B attempt-ended   A #8   duplicate by us
             150.72 A attempt-ended   B #9   end-of-stream by peer
             190.48 A dial-started    B #10
             190.56 A handshake-begun B #10
             190.60 B refused         A #9   duplicate
             190.60 B attempt-ended   A #9   duplicate by us
             190.64 A attempt-ended   B #10  end-of-stream by peer
             240.00 A dial-started    B #11
             240.08 A handshake-begun B #11
             240.12 B refused         A #10  duplicate
             240.12 B attempt-ended   A #10  duplicate by us
             240.16 A attempt-ended   B #11  end-of-stream by peer
             250.16 A dial-started    B #12
             250.24 A handshake-begun B #12
             250.28 B refused         A #11  duplicate
             250.28 B attempt-ended   A #11  duplicate by us
             250.32 A attempt-ended   B #12  end-of-stream by peer
             270.32 A dial-started    B #13
             270.40 A handshake-begun B #13
             270.44 B refused         A #12  duplicate
             270.44 B attempt-ended   A #12  duplicate by us
             270.48 A attempt-ended   B #13  end-of-stream by peer
             270.64 A dial-started    B #14
             270.72 A handshake-begun B #14
             270.76 B refused         A #13  duplicate
             270.76 B attempt-ended   A #13  duplicate by us
             270.80 A attempt-ended   B #14  end-of-stream by peer
             310.48 A dial-started    B #15
             310.56 A handshake-begun B #15
             310.60 B refused         A #14  duplicate
             310.60 B attempt-ended   A #14  duplicate by us
             310.64 A attempt-ended   B #15  end-of-stream by peer
             310.72 A dial-started    B #16
             310.80 A handshake-begun B #16
             310.84 B refused         A #15  duplicate
             310.84 B attempt-ended   A #15  duplicate by us
             310.88 A attempt-ended   B #16  end-of-stream by peer
             360.00 A dial-started    B #17
             360.08 A handshake-begun B #17
             360.12 B refused         A #16  duplicate
             360.12 B attempt-ended   A #16  duplicate by us
             360.16 A attempt-ended   B #17  end-of-stream by peer
             370.16 A dial-started    B #18
             370.24 A handshake-begun B #18
             370.28 B refused         A #17  duplicate
             370.28 B attempt-ended   A #17  duplicate by us
             370.32 A attempt-ended   B #18  end-of-stream by peer
             390.32 A dial-started    B #19
             390.40 A handshake-begun B #19
             390.44 B refused         A #18  duplicate
             390.44 B attempt-ended   A #18  duplicate by us
             390.48 A attempt-ended   B #19  end-of-stream by peer
             390.64 A dial-started    B #20
             390.72 A handshake-begun B #20
             390.76 B refused         A #19  duplicate
             390.76 B attempt-ended   A #19  duplicate by us
             390.80 A attempt-ended   B #20  end-of-stream by peer
             430.48 A dial-started    B #21
             430.56 A handshake-begun B #21
             430.60 B refused         A #20  duplicate
             430.60 B attempt-ended   A #20  duplicate by us
             430.64 A attempt-ended   B #21  end-of-stream by peer
             430.80 A dial-started    B #22
             430.88 A handshake-begun B #22
             430.92 B refused         A #21  duplicate
             430.92 B attempt-ended   A #21  duplicate by us
             430.96 A attempt-ended   B #22  end-of-stream by peer
             480.00 A dial-started    B #23
             480.08 A handshake-begun B #23
             480.12 B refused         A #22  duplicate
             480.12 B attempt-ended   A #22  duplicate by us
             480.16 A attempt-ended   B #23  end-of-stream by peer
             490.16 A dial-started    B #24
             490.24 A handshake-begun B #24
             490.28 B refused         A #23  duplicate
             490.28 B attempt-ended   A #23  duplicate by us
             490.32 A attempt-ended   B #24  end-of-stream by peer
             510.32 A dial-started    B #25
             510.40 A handshake-begun B #25
             510.44 B refused         A #24  duplicate
             510.44 B attempt-ended   A #24  duplicate by us
             510.48 A attempt-ended   B #25  end-of-stream by peer
             510.64 A dial-started    B #26
             510.72 A handshake-begun B #26
             510.76 B refused         A #25  duplicate
             510.76 B attempt-ended   A #25  duplicate by us
             510.80 A attempt-ended   B #26  end-of-stream by peer
             550.48 A dial-started    B #27
             550.56 A handshake-begun B #27
             550.60 B refused         A #26  duplicate
             550.60 B attempt-ended   A #26  duplicate by us
             550.64 A attempt-ended   B #27  end-of-stream by peer
             550.80 A dial-started    B #28
             550.88 A handshake-begun B #28
             550.92 B refused         A #27  duplicate
             550.92 B attempt-ended   A #27  duplicate by us
             550.96 A attempt-ended   B #28  end-of-stream by peer
             600.00 A dial-started    B #29
             600.08 A handshake-begun B #29
             600.12 B refused         A #28  duplicate
             600.12 B attempt-ended   A #28  duplicate by us
             600.16 A attempt-ended   B #29  end-of-stream by peer
             610.16 A dial-started    B #30
             610.24 A handshake-begun B #30
             610.28 B refused         A #29  duplicate
             610.28 B attempt-ended   A #29  duplicate by us
             610.32 A attempt-ended   B #30  end-of-stream by peer
             610.88 A dial-started    B #31
             610.96 A handshake-begun B #31
             611.00 B refused         A #30  duplicate
             611.00 B attempt-ended   A #30  duplicate by us
             611.04 A attempt-ended   B #31  end-of-stream by peer
            """
    )

    /// Both start at 0 s; two minutes.
    static let baselineTogether = EventList(
        record: "0003-baseline.md",
        text: """
               0.00 A dial-started    B #1
               0.00 B dial-started    A #1
               0.08 A handshake-begun B #1
               0.08 B handshake-begun A #1
               0.12 A refused         B #2   duplicate
               0.12 A attempt-ended   B #2   duplicate by us
               0.12 B refused         A #2   duplicate
               0.12 B attempt-ended   A #2   duplicate by us
               0.16 A attempt-ended   B #1   end-of-stream by peer
               0.16 B attempt-ended   A #1   end-of-stream by peer
              10.16 A dial-started    B #3
              10.16 B dial-started    A #3
              10.24 A handshake-begun B #3
              10.24 B handshake-begun A #3
              10.28 A refused         B #4   duplicate
              10.28 A attempt-ended   B #4   duplicate by us
              10.28 B refused         A #4   duplicate
              10.28 B attempt-ended   A #4   duplicate by us
              10.32 A attempt-ended   B #3   end-of-stream by peer
              10.32 B attempt-ended   A #3   end-of-stream by peer
              30.32 A dial-started    B #5
              30.32 B dial-started    A #5
              30.40 A handshake-begun B #5
              30.40 B handshake-begun A #5
              30.44 A refused         B #6   duplicate
              30.44 A attempt-ended   B #6   duplicate by us
              30.44 B refused         A #6   duplicate
              30.44 B attempt-ended   A #6   duplicate by us
              30.48 A attempt-ended   B #5   end-of-stream by peer
              30.48 B attempt-ended   A #5   end-of-stream by peer
              70.48 A dial-started    B #7
              70.48 B dial-started    A #7
              70.56 A handshake-begun B #7
              70.56 B handshake-begun A #7
              70.60 A refused         B #8   duplicate
              70.60 A attempt-ended   B #8   duplicate by us
              70.60 B refused         A #8   duplicate
              70.60 B attempt-ended   A #8   duplicate by us
              70.64 A attempt-ended   B #7   end-of-stream by peer
              70.64 B attempt-ended   A #7   end-of-stream by peer
             120.00 A dial-started    B #9
             120.00 B dial-started    A #9
             120.08 A handshake-begun B #9
             120.08 B handshake-begun A #9
             120.12 A refused         B #10  duplicate
             120.12 A attempt-ended   B #10  duplicate by us
             120.12 B refused         A #10  duplicate
             120.12 B attempt-ended   A #10  duplicate by us
             120.16 A attempt-ended   B #9   end-of-stream by peer
             120.16 B attempt-ended   A #9   end-of-stream by peer
            """
    )
}
