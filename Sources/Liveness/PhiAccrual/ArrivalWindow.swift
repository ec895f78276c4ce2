import Kernel

/// The times between the last heartbeats of one peer: their mean and standard deviation, in integers.
struct ArrivalWindow: Codable, Sendable {
    /// No more than these are kept, and none counts as longer than `longest`: so the sums fit 64 bits.
    static let mostSamples = 1000
    static let longest = Duration.seconds(300)
    /// A tenth of a millisecond, in nanoseconds.
    private static let unit: Int64 = 100_000

    private let capacity: Int
    /// In units, the oldest at `oldest` once the window is full.
    private var samples: [Int64] = []
    private var oldest = 0
    private var sum: Int64 = 0
    private var squares: Int64 = 0

    /// A window that holds two samples around an estimate, a quarter of it above and below.
    init(capacity: Int, estimate: Duration) {
        self.capacity = min(max(2, capacity), Self.mostSamples)
        add(estimate - estimate / 4)
        add(estimate + estimate / 4)
    }

    mutating func add(_ interval: Duration) {
        let sample = min(max(0, interval.nanoseconds), Self.longest.nanoseconds) / Self.unit
        if samples.count < capacity {
            samples.append(sample)
        } else {
            let gone = samples[oldest]
            sum -= gone
            squares -= gone * gone
            samples[oldest] = sample
            oldest = (oldest + 1) % capacity
        }
        sum += sample
        squares += sample * sample
    }

    var mean: Duration { .nanoseconds(sum * Self.unit / Int64(samples.count)) }

    /// Of the samples as a whole population.
    var standardDeviation: Duration {
        let count = Int64(samples.count)
        return .nanoseconds(Self.root(count * squares - sum * sum) * Self.unit / count)
    }

    /// The whole part of a square root.
    private static func root(_ value: Int64) -> Int64 {
        guard value > 0 else { return 0 }
        var root: Int64 = 1 << ((64 - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            guard next < root else { return root }
            root = next
        }
    }
}
