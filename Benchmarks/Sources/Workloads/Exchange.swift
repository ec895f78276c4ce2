import NIOCore

/// What a pair of ends does with one connection. Every contender does the same: the node, bare NIO, C.
public struct Exchange: Sendable {
    /// Batches under way.
    public static let window = 4
    /// Bytes of the frame that acknowledges a batch, as the node encodes it.
    public static let ackBytes = 18

    /// Bytes of one frame on the wire, header included.
    public var frameBytes: Int
    /// Frames there and back, one at a time.
    public var roundTrips: Int
    /// Round trips before the first one that counts.
    public var warmUp: Int
    /// Batches one way.
    public var batches: Int

    public init(frameBytes: Int, roundTrips: Int, warmUp: Int, batches: Int) {
        self.frameBytes = frameBytes
        self.roundTrips = roundTrips
        self.warmUp = warmUp
        self.batches = batches
    }

    /// Frames of one turn: 64 KiB.
    public var batch: Int { max(1, 65_536 / frameBytes) }
}

/// What one contender did.
public struct Measured: Sendable {
    /// Median and 99th percentile of a round trip, in nanoseconds.
    public var median: Double
    public var high: Double
    /// Frames a second, one way.
    public var frames: Double

    /// From round trips in nanoseconds, and the nanoseconds that all frames one way took.
    init(roundTrips: [UInt64], frames count: Int, elapsed: UInt64) {
        let sorted = roundTrips.sorted()
        median = Double(sorted[sorted.count / 2])
        high = Double(sorted[min(sorted.count - 1, sorted.count * 99 / 100)])
        frames = Double(count) / (Double(max(1, elapsed)) / 1e9)
    }
}

/// The client's side of an exchange as numbers: first the round trips, then the batches. Confined to one event loop.
struct ExchangeMeter {
    /// What the client sends next.
    enum Step {
        case frame
        case batches(Int)
        case wait
        case done
    }

    private let plan: Exchange
    private var samples: [UInt64] = []
    private var trips = 0
    private var sentAt: UInt64 = 0
    private var began: UInt64 = 0
    private var ended: UInt64 = 0
    private var posted = 0
    private var acknowledged = 0

    init(_ plan: Exchange) {
        self.plan = plan
        samples.reserveCapacity(plan.roundTrips)
    }

    mutating func start() -> Step {
        sentAt = Self.now()
        return .frame
    }

    /// A frame or an acknowledgement came back.
    mutating func answered() -> Step {
        if trips < plan.warmUp + plan.roundTrips {
            let now = Self.now()
            if trips >= plan.warmUp { samples.append(now - sentAt) }
            trips += 1
            sentAt = now
            guard trips == plan.warmUp + plan.roundTrips else { return .frame }
            began = now
            posted = min(Exchange.window, plan.batches)
            return .batches(posted)
        }
        acknowledged += 1
        if acknowledged == plan.batches {
            ended = Self.now()
            return .done
        }
        guard posted < plan.batches else { return .wait }
        posted += 1
        return .batches(1)
    }

    var result: Measured { Measured(roundTrips: samples, frames: plan.batches * plan.batch, elapsed: ended - began) }

    static func now() -> UInt64 { NIODeadline.now().uptimeNanoseconds }
}
