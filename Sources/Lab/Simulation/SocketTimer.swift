/// A timer of one connection, as the simulator's clock holds it.
struct SocketTimer {
    enum Kind: UInt8 {
        /// The dialler's kernel sends its SYN again.
        case request
        /// The dialler's patience is over.
        case connectTimeout
        case retransmission
        case keepalive
        /// The sender's kernel looks whether there is room again.
        case windowProbe
        /// What waits outside the kernel has waited for as long as its driver allows.
        case writeDeadline
        /// The driver looks whether the other host has said nothing for too long.
        case hostSilence
    }

    let kind: Kind
    let socket: Int32
    let generation: UInt32
    /// Tells it from those that were set for the same purpose before.
    let round: UInt32
    /// How much of the run its host had slept through when it was set, in nanoseconds: the clocks of a machine stand
    /// still while it sleeps, so whatever that has grown by, the timer comes later.
    var slept: Int64
}
