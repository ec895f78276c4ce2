import Benchmark
import Workloads

/// The simulator's speed as the benchmark tool sees it: `swift package benchmark`.
let benchmarks: @Sendable () -> Void = {
    let linkHours = BenchmarkMetric.custom("link-hours", polarity: .prefersLarger, useScalingFactor: false)
    let events = BenchmarkMetric.custom("events", polarity: .prefersLarger, useScalingFactor: false)
    for size in SimulatorWorkload.Size.all {
        Benchmark(
            "simulator/steady/nodes=\(size.nodes)",
            configuration: .init(
                metrics: [.wallClock, .peakMemoryResident, linkHours, events], maxDuration: .seconds(15),
                maxIterations: 5
            )
        ) { benchmark in
            let workload = try SimulatorWorkload(size)
            benchmark.startMeasurement()
            let outcome = try workload.run(seed: 1)
            benchmark.stopMeasurement()
            benchmark.measurement(linkHours, Int(outcome.linkHours))
            benchmark.measurement(events, Int(outcome.events))
        }
    }
}
