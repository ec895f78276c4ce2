import Kernel
import Wire

/// From which addresses masternodes come: those of the network file, and the one that each had a link from last.
///
/// An address is no proof; it only decides who is served first while there is a flood.
struct MasternodeSites {
    private let network: NetworkView
    /// Look-up only, as is `all`.
    private var learnt: [Identity: IPAddress] = [:]
    private var all: Set<IPAddress>

    init(_ network: NetworkView) {
        self.network = network
        all = Set(network.masternodes.compactMap { $0.endpoint?.ip.site })
    }

    func contains(_ address: IPAddress) -> Bool { all.contains(address.site) }

    /// A link with `identity` is up: what the links policy believes, and proves under the handshake style `signed`.
    mutating func learn(_ identity: Identity, at address: IPAddress) {
        guard network.masternode(identity) != nil, learnt[identity] != address.site else { return }
        learnt[identity] = address.site
        all = Set(network.masternodes.compactMap { $0.endpoint?.ip.site })
        all.formUnion(learnt.values)
    }
}
