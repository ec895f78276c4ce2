import Profile
import Wire

extension EventText {
    func processLines(for event: Event) -> [Line] {
        switch event {
        case .twoProcesses(let peer, let kept, let refused):
            let text =
                "Two processes run with the key of \(name(peer)): the one at \(kept) started first and keeps its link, the one at "
                + "\(refused) is refused. Stop the one that does not belong, or give it a key of its own"
            let metadata = fields(nil, peer, kept, [Field(key: "other_address", value: refused.description)])
            return [line(network.masternode(peer) == nil ? .warning : .error, text, metadata)]
        case .identityConflict(let conflict?): return [ownLine(conflict)]
        case .identityConflict(nil):
            return [line(.warning, "Nothing was heard any more of the other process with this node's key")]
        default: return []
        }
    }

    /// The end of the year 9999: a later year has no written form.
    private static let latestYear: Int64 = 253_402_300_799_999

    private func ownLine(_ conflict: IdentityConflict) -> Line {
        let started = conflict.startedAt.map {
            ", which started at \(TimestampText.format(milliseconds: min(max(0, $0.milliseconds), Self.latestYear))),"
        }
        let place = conflict.endpoint.map { " at \($0)" } ?? ""
        let other = "Another process\(place)\(started ?? "") runs with this node's key"
        let metadata = conflict.endpoint.map { [Field(key: "address", value: $0.description)] } ?? []
        guard conflict.isYounger else {
            let text =
                "\(other). This one started first, and peers refuse the other: stop it, or give it a key of its own"
            return line(.error, text, metadata)
        }
        let text =
            "\(other). It started first: this node makes no blocks and casts no votes. Stop one of the two, or give this one a "
            + "key of its own ('timenode keys new')"
        return line(.error, text, metadata)
    }
}
