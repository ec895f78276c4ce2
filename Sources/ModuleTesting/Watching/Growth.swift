import Kernel

/// Tells a state that grows for ever from one that has found its size.
enum Growth {
    /// State that grew by a tenth in the last quarter of an act, and takes more than this, has no bound. A list that fills
    /// up to its limit may take half of the act for it.
    private static let modestBytes = 16_384

    static func judge(_ samples: [Watch.Sample], of what: String, _ watch: Watch) {
        guard let first = samples.first?.time, let last = samples.last?.time else { return }
        let split = first + (last - first) / 4 * 3
        var probes: [Int] = []
        for sample in samples where !probes.contains(sample.probe) { probes.append(sample.probe) }
        for probe in probes {
            let own = samples.filter { $0.probe == probe }
            let early = own.filter { $0.time <= split }.map(\.bytes).max() ?? 0
            let late = own.filter { $0.time > split }.map(\.bytes).max() ?? 0
            if late > modestBytes, late * 10 > early * 11 {
                let hours = (last - first).seconds / 3600
                watch.report(
                    .boundedness,
                    "over \(Int(hours.rounded())) h of \(what) the state grew to \(late) bytes and went on growing "
                        + "(\(early) in the first three quarters)"
                )
            }
        }
    }
}
