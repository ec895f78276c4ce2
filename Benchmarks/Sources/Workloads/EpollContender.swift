import CEpoll

/// Both ends in C on one thread.
public enum EpollContender {
    /// A system call failed.
    public struct Failure: Error {
        /// As `errno` has it.
        public let code: Int32
    }

    public static func run(_ plan: Exchange) throws -> Measured {
        var samples = [UInt64](repeating: 0, count: plan.roundTrips)
        var elapsed: UInt64 = 0
        var code = epoll_round_trips(plan.frameBytes, plan.warmUp, plan.roundTrips, &samples)
        guard code == 0 else { throw Failure(code: code) }
        code = epoll_one_way(
            plan.frameBytes * plan.batch, Exchange.ackBytes, Exchange.window, plan.batches, &elapsed
        )
        guard code == 0 else { throw Failure(code: code) }
        return Measured(roundTrips: samples, frames: plan.batches * plan.batch, elapsed: elapsed)
    }
}
