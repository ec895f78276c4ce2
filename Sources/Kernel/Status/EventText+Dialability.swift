import Wire

extension EventText {
    func dialabilityLines(for event: Event) -> [Line] {
        switch event {
        case .probed(let peer, let found):
            let metadata = fields(nil, peer, found.endpoint, reason(found))
            guard let reason = found.reason else {
                return [line(.debug, "\(name(peer)) can be dialled at \(found.endpoint)", metadata)]
            }
            return [line(.debug, "\(name(peer)) cannot be dialled at \(found.endpoint) (\(reason.rawValue))", metadata)]
        case .dialability(let word, let peers):
            let metadata = fields(nil, nil, word.endpoint, reason(word))
            guard let reason = word.reason else {
                return [line(.info, "Peers can dial this node at \(word.endpoint)", metadata)]
            }
            let who = peers == 1 ? "the one peer that tried says" : "\(peers) peers that tried say"
            let text =
                "Peers cannot dial this node at \(word.endpoint) (\(reason.rawValue), \(who) so): its links are those that "
                + "it dials itself. Let TCP port \(word.endpoint.port) through the firewall, forward it at the router, or "
                + "correct the address in the network file or in 'discovery.gossip.advertise'"
            return [line(.warning, text, metadata)]
        default: return []
        }
    }

    private func reason(_ word: Dialability) -> [Field] {
        word.reason.map { [Field(key: "reason", value: $0.rawValue)] } ?? []
    }
}
