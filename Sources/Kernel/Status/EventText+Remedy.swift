import Wire

// Ends of links that do not mend themselves: somebody has to change something.
extension EventText {
    /// How loud the end of a link or of an attempt is.
    func level(of reason: Reason, by ender: LinkEnder, isMember: Bool) -> NoteLevel {
        StatusProblem.Code(reason, by: ender, isMember: isMember) == nil ? .info : .error
    }

    /// What to do about it, behind the line.
    func remedy(for reason: Reason, by ender: LinkEnder, isMember: Bool) -> String {
        StatusProblem.Code(reason, by: ender, isMember: isMember).map { ": \($0.remedy)" } ?? ""
    }

    /// Whether the other end is a masternode by its address, or one that is dialled by its identity. What a caller claims in
    /// a `Hello` does not count without the address.
    func isMember(_ identity: Identity?, _ remote: Endpoint) -> Bool {
        network.masternode(identity, at: remote.ip) != nil
    }
}

extension NetworkView {
    /// The masternode at an address: of several there the one with this identity, else the first.
    package func masternode(_ identity: Identity?, at address: IPAddress) -> Masternode? {
        let there = masternodes.filter { $0.endpoint?.ip == address }
        return there.first { $0.identity == identity } ?? there.first
    }
}
