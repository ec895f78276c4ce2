import Profile

extension EventText {
    func clockLine(_ found: ClockOffset, isWrong: Bool) -> Line {
        let milliseconds = found.offset.nanoseconds / 1_000_000
        let size = DurationText.format(.milliseconds(Int64(min(milliseconds.magnitude, 1 << 43))))
        let metadata = [
            Field(key: "clock_offset_ms", value: String(milliseconds)),
            Field(key: "peers", value: String(found.peers)),
        ]
        let whose = found.peers == 1 ? "the clock of the only linked peer" : "the median clock of \(found.peers) peers"
        guard isWrong else {
            return line(.info, "This host's clock is right again: \(size) from \(whose)", metadata)
        }
        let side = milliseconds < 0 ? "behind" : "ahead of"
        let text =
            "This host's clock is \(size) \(side) \(whose). Nodes with different clocks reject each other's blocks: set the "
            + "clock and keep it right with NTP (chrony or systemd-timesyncd), or find out whether the peers are wrong"
        return line(.warning, text, metadata)
    }
}
