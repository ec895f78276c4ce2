import Wire

extension EventText {
    func agreementLine(_ link: LinkID, _ identity: Identity?, _ remote: Endpoint, _ value: String) -> Line {
        let file = value.contains(".") || value == "consensus" || value == "application" ? "profile" : "network file"
        let text =
            "Peer \(place(identity, remote)) holds another value of '\(value)' than this node, so the two refuse each other: "
            + "compare the \(file) on both hosts"
        return line(
            level(of: .differentAgreement, identity), text,
            fields(link, identity, remote, [Field(key: "value", value: value)]))
    }

    /// How loud the line of a refusal is. Where a masternode of the network file is refused for what waiting does not mend, an
    /// operator has to act; a stranger may be anybody.
    func level(of reason: Reason, _ identity: Identity?) -> NoteLevel {
        guard let identity, network.masternode(identity) != nil else { return .info }
        switch reason {
        case .wrongNetwork, .differentAgreement, .identityInUse, .protocolVersion: return .error
        default: return .info
        }
    }
}
