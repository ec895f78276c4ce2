import Foundation
import Workloads

/// Seconds of a processor that this process has had so far. A run of the simulator waits for nothing, so where the machine
/// has nothing else to do this is the time that passes.
private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Events and link-hours a second of one core, at each size; the digest has to be the same every time.
func simulatorFigures(repeats: Int, sizes: [SimulatorWorkload.Size]) throws {
    print("simulator: steady scenario, one core, digest on, median of \(repeats)")
    for size in sizes {
        let workload = try SimulatorWorkload(size)
        var events: [Double] = []
        var hours: [Double] = []
        var digests: [String] = []
        for _ in 0..<repeats {
            let began = processorSeconds()
            let outcome = try workload.run(seed: 1)
            let seconds = processorSeconds() - began
            events.append(Double(outcome.events) / seconds)
            hours.append(outcome.linkHours / seconds)
            if !digests.contains(outcome.digest) { digests.append(outcome.digest) }
        }
        print(
            "  simulator/steady/nodes=\(size.nodes)  \(figure(median(events))) events/s  "
                + "\(figure(median(hours))) link-hours/s  digest \(digests.count == 1 ? "stable" : "DIFFERS")"
        )
    }
}

/// The middle value; of an even number the lower one.
func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
}

/// A large number with spaces between thousands.
func figure(_ value: Double) -> String {
    var digits = String(Int(value.rounded()))
    var parts: [String] = []
    while digits.count > 3 {
        parts.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    return ([digits] + parts).joined(separator: " ")
}
