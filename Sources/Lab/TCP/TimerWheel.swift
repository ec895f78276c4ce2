/// When a timer of the Linux kernel really fires.
///
/// The kernel keeps timers in a wheel of levels, each eight times coarser than the one below; a timer fires at the end
/// of the slot it falls into, so never early and late by up to an eighth of its delay or so. That is why 30 s idle
/// plus three probes of 10 s takes 60.7 to 62.8 s on a real host and not 60. (`kernel/time/timer.c`; 250 ticks a
/// second is the default of Debian's kernels.)
struct TimerWheel: Sendable {
    /// Nanoseconds of one tick.
    static let tick: Int64 = 4_000_000
    /// Where in the wheel's coarsest used slot the host's clock stood when the run began, in ticks.
    let phase: Int64

    /// The moment, in nanoseconds, at which a timer set at `now` for `delay` nanoseconds fires.
    func firing(setAt now: Int64, after delay: Int64) -> Int64 {
        let base = now / Self.tick + phase
        let expires = (now + max(0, delay) + Self.tick - 1) / Self.tick + phase
        let distance = expires - base
        var level: Int64 = 0
        while level < 8, distance >= 63 << (3 * level) { level += 1 }
        let shift = 3 * level
        // A delay that ends on a slot's edge still waits for the next one.
        let slot = level == 0 ? expires : ((expires >> shift) + 1) << shift
        return max(now, (slot - phase) * Self.tick)
    }
}
