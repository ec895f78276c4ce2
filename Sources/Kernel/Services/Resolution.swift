import Wire

/// What looking a host's name up has come to.
public enum Resolution: Sendable, Hashable {
    /// Its addresses of both kinds, in the resolver's order; at least one, ``mostAddresses`` at most, none twice.
    case addresses([IPAddress])
    case failed(Failure)

    /// No answer has more: a name with a thousand addresses is a mistake or an attack.
    public static let mostAddresses = 16

    /// Why there are none.
    public enum Failure: String, Sendable, Hashable, Codable, CaseIterable {
        /// The name does not exist, or has no address.
        case unknownName = "unknown-name"
        /// The resolver gave no answer in time.
        case timedOut = "timed-out"
        /// The resolver cannot answer now.
        case unavailable
        /// More names wait for an answer than may.
        case busy
    }

    /// An answer within the bounds; `unknownName` where nothing is left of it.
    public init(addresses: some Sequence<IPAddress>) {
        var kept: [IPAddress] = []
        for address in addresses
        where kept.count < Self.mostAddresses && !address.isUnspecified && !kept.contains(address) {
            kept.append(address)
        }
        self = kept.isEmpty ? .failed(.unknownName) : .addresses(kept)
    }
}
