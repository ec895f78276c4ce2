/// How many connections a real node takes in before their other ends have proven anything, and how fast.
///
/// The address of a masternode is one that the network file names, or that a masternode's link was up from.
public struct AcceptLimits: Sendable, Hashable {
    /// Accepted connections that may be on their way to being up. Each holds a descriptor and some kilobytes, under TLS
    /// 25 KiB, until a deadline. 256 is five times the peers that a node keeps: a whole network that comes back at once
    /// fits.
    public var opening = 256
    /// Places among those that only addresses of masternodes may take.
    public var reserved = 64
    /// Connections a second that are taken in from all other addresses together; four seconds' worth may come at once.
    /// 200 TLS handshakes are a fifth of a second of work.
    public var perSecond = 200
    /// Connections a second that are taken in from one address (IPv6: one /64), and a quarter of what its block may
    /// have (/24, IPv6 /48); four seconds' worth may come at once.
    public var perSecondPerSite = 20

    public init() {}

    public init(opening: Int, reserved: Int, perSecond: Int, perSecondPerSite: Int) {
        self.opening = opening
        self.reserved = reserved
        self.perSecond = perSecond
        self.perSecondPerSite = perSecondPerSite
    }
}
