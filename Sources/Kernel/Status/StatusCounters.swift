/// How often each kind of event happened since the node started. The JSON keys are the names in snake case.
public struct StatusCounters: Sendable, Hashable, Codable {
    public internal(set) var dialsStarted: UInt64 = 0
    public internal(set) var dialsFailed: UInt64 = 0
    public internal(set) var dialsLeftToPeer: UInt64 = 0
    public internal(set) var handshakesBegun: UInt64 = 0
    public internal(set) var linksUp: UInt64 = 0
    /// Links that were up and ended.
    public internal(set) var linksLost: UInt64 = 0
    /// Links that ended before their handshake was done.
    public internal(set) var linksFailed: UInt64 = 0
    public internal(set) var refusals: UInt64 = 0
    public internal(set) var takeovers: UInt64 = 0
    /// Peers dialled only to see whether they can be.
    public internal(set) var probes: UInt64 = 0
    public internal(set) var peerChecks: UInt64 = 0
    public internal(set) var requestsSent: UInt64 = 0
    public internal(set) var requestsAnswered: UInt64 = 0
    public internal(set) var blocksProduced: UInt64 = 0
    public internal(set) var blocksAccepted: UInt64 = 0
    public internal(set) var blocksRejected: UInt64 = 0
    /// Slots for which a masternode has signed two blocks.
    public internal(set) var equivocations: UInt64 = 0
    public internal(set) var ownSlotsSkipped: UInt64 = 0
    /// Times that the store began to refuse the chain.
    public internal(set) var storeHalts: UInt64 = 0
    public internal(set) var reorganisations: UInt64 = 0
    public internal(set) var addressesRefused: UInt64 = 0
    public internal(set) var messagesDropped: UInt64 = 0
    /// Messages that were taken without some of their fields, which this node does not know.
    public internal(set) var fieldsIgnored: UInt64 = 0
    public internal(set) var notes: UInt64 = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case dialsStarted = "dials_started"
        case dialsFailed = "dials_failed"
        case dialsLeftToPeer = "dials_left_to_peer"
        case handshakesBegun = "handshakes_begun"
        case linksUp = "links_up"
        case linksLost = "links_lost"
        case linksFailed = "links_failed"
        case refusals
        case takeovers
        case probes
        case peerChecks = "peer_checks"
        case requestsSent = "requests_sent"
        case requestsAnswered = "requests_answered"
        case blocksProduced = "blocks_produced"
        case blocksAccepted = "blocks_accepted"
        case blocksRejected = "blocks_rejected"
        case equivocations
        case ownSlotsSkipped = "own_slots_skipped"
        case storeHalts = "store_halts"
        case reorganisations
        case addressesRefused = "addresses_refused"
        case messagesDropped = "messages_dropped"
        case fieldsIgnored = "fields_ignored"
        case notes
    }

    mutating func count(_ event: Event) {
        switch event {
        case .dialStarted: dialsStarted += 1
        case .dialFailed: dialsFailed += 1
        case .dialLeftToPeer: dialsLeftToPeer += 1
        case .handshakeBegun: handshakesBegun += 1
        case .linkUp: linksUp += 1
        case .linkEnded(_, _, _, _, _, let wasUp, _):
            if wasUp { linksLost += 1 } else { linksFailed += 1 }
        case .refused: refusals += 1
        case .takeover: takeovers += 1
        case .probed: probes += 1
        case .dialability, .wanted, .clockOffset, .agreementDiffers, .twoProcesses, .identityConflict, .storeResumed:
            break
        case .storeHalted: storeHalts += 1
        case .addressRefused: addressesRefused += 1
        case .peerCheck: peerChecks += 1
        case .requestSent: requestsSent += 1
        case .requestAnswered: requestsAnswered += 1
        case .blockProduced: blocksProduced += 1
        case .blockAccepted: blocksAccepted += 1
        case .blockRejected: blocksRejected += 1
        case .equivocated: equivocations += 1
        case .ownSlotSkipped: ownSlotsSkipped += 1
        case .reorganised: reorganisations += 1
        case .messageDropped: messagesDropped += 1
        case .fieldsIgnored: fieldsIgnored += 1
        case .note: notes += 1
        }
    }
}
