import Kernel
import Wire

/// What kind of thing a log line tells, and who made it happen.
struct LogOrigin: Sendable, Hashable {
    /// Somebody other than the node itself.
    enum Source: Sendable, Hashable {
        case masternode(Identity)
        /// A network of addresses: an IPv4 /24, an IPv6 /48.
        case network(IPAddress)
        /// A peer without an address in the event.
        case identity(Identity)
        /// The event does not say.
        case unknown

        var isMasternode: Bool {
            if case .masternode = self { true } else { false }
        }
    }

    /// A word, of which there are few.
    let kind: String
    /// Nil where the node itself does it: its own blocks and slots, its own passes over the peers, dials and requests.
    let source: Source?

    /// The origin of an event in a network.
    init(of event: Event, in network: NetworkView) {
        let others = Others(network: network)
        switch event {
        case .blockProduced: self.init("own-block", nil)
        case .ownSlotSkipped: self.init("own-slot", nil)
        case .storeHalted: self.init("store-halted", nil)
        case .storeResumed: self.init("store-resumed", nil)
        case .peerCheck: self.init("peer-check", nil)
        case .dialability: self.init("dialability", nil)
        case .identityConflict: self.init("identity-conflict", nil)
        case .clockOffset: self.init("clock-offset", nil)
        case .wanted: self.init("wishes", nil)
        case .dialStarted, .handshakeBegun: self.init("dial", nil)
        case .requestSent, .requestAnswered: self.init("request", nil)
        case .dialFailed(_, let endpoint, _): self.init("dial-failed", others.source(nil, endpoint))
        case .dialLeftToPeer(let endpoint, _): self.init("dial-left", others.source(nil, endpoint))
        case .linkUp(_, let identity, let endpoint, _): self.init("link-up", others.source(identity, endpoint))
        case .linkEnded(_, let identity, let endpoint, _, _, let wasUp, let direction):
            // Whom this node dialled, it chose itself.
            let isProven = wasUp || direction == .dialled
            self.init(wasUp ? "link-lost" : "link-failed", others.source(identity, endpoint, isProven: isProven))
        case .refused(_, let identity, let endpoint, _):
            self.init("refused", others.source(identity, endpoint, isProven: false))
        case .takeover(_, _, let identity): self.init("takeover", others.source(identity))
        case .probed(let identity, _): self.init("probe", others.source(identity))
        case .addressRefused(_, let identity, _): self.init("address-refused", others.source(identity))
        case .blockRejected(let identity, _): self.init("block-rejected", identity.map(others.source) ?? .unknown)
        case .agreementDiffers(_, let identity, let endpoint, _):
            self.init("agreement-differs", others.source(identity, endpoint, isProven: false))
        case .twoProcesses(let identity, _, _): self.init("two-processes", others.source(identity))
        case .equivocated(let identity, _): self.init("equivocated", others.source(identity))
        case .blockAccepted: self.init("block-accepted", .unknown)
        case .reorganised: self.init("reorganised", .unknown)
        case .messageDropped: self.init("message-dropped", .unknown)
        case .fieldsIgnored: self.init("fields-ignored", .unknown)
        case .note(let level, let text): self.init("\(level.rawValue): \(Self.shape(of: text))", .unknown)
        }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    init(_ kind: String, _ source: Source?) {
        self.kind = kind
        self.source = source
    }

    /// The first words of a note with every word that has a digit in it left out: notes that differ only in a link's number
    /// or an address are of one kind.
    static func shape(of text: String) -> String {
        text.utf8.prefix(80).split(separator: UInt8(ascii: " "))
            .filter { word in !word.contains { digits.contains($0) } }
            .prefix(4).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// Finds out whose doing an event is.
    private struct Others {
        let network: NetworkView

        /// - Parameter isProven: a stranger can claim a masternode's identity in a `Hello`; then only the address counts.
        func source(_ identity: Identity?, _ endpoint: Endpoint, isProven: Bool = true) -> Source {
            if let identity, isProven, network.masternode(identity) != nil { return .masternode(identity) }
            let member = network.masternodes.first { member in
                guard let listed = member.endpoint, listed.ip == endpoint.ip else { return false }
                return identity == nil ? listed == endpoint : identity == member.identity
            }
            return member.map { .masternode($0.identity) } ?? .network(endpoint.ip.network)
        }

        func source(_ identity: Identity) -> Source {
            network.masternode(identity) == nil ? .identity(identity) : .masternode(identity)
        }
    }
}
