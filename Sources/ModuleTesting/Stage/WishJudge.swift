import Kernel
import Wire

/// Looks at what a discovery module wants.
struct WishJudge {
    let identity: Identity
    let endpoint: Endpoint
    let network: NetworkView

    func judge(_ wishes: [Wish], _ watch: Watch) {
        for (index, wish) in wishes.enumerated() {
            if wish.identity == identity || wish.endpoint == endpoint {
                watch.report(.wishes, "the module wants its own node, at \(wish.endpoint)")
            }
            let isRepeated = wishes[..<index].contains { other in
                other.endpoint == wish.endpoint || (other.identity != nil && other.identity == wish.identity)
            }
            if isRepeated { watch.report(.wishes, "\(wish.endpoint) is wanted twice in one pass") }
            let isMember = network.masternodes.contains { member in
                member.identity == wish.identity || member.endpoint == wish.endpoint
            }
            if wish.isMasternode, !isMember {
                watch.report(.wishes, "\(wish.endpoint) is called a masternode, and the network file does not list it")
            }
        }
    }
}
