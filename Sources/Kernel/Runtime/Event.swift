import Wire

/// Something that happened in a node and that logs, metrics, the why-ledger and traces are made from.
///
/// Cases that carry much are indirect: what happens on the way of every message stays small.
public enum Event: Sendable, Hashable {
    // links
    indirect case dialStarted(LinkID, Endpoint, Identity?)
    indirect case dialFailed(LinkID, Endpoint, Reason)
    /// We left the dial to the other end. `peer` may dial us instead.
    indirect case dialLeftToPeer(Endpoint, own: Endpoint)
    /// The dialler sent its `Hello`.
    case handshakeBegun(LinkID)
    /// A link is up at this end.
    indirect case linkUp(LinkID, Identity, Endpoint, LinkDirection)
    /// A link ended; `wasUp` tells a lost link from a failed attempt.
    indirect case linkEnded(LinkID, Identity?, Endpoint, Reason, LinkEnder, wasUp: Bool, direction: LinkDirection)
    /// We turned an incoming dial away.
    indirect case refused(LinkID, Identity?, Endpoint, Reason)
    /// A peer holds another value than this node of something that all nodes must hold alike; `value` is its name. It goes
    /// with a refusal, by either end.
    indirect case agreementDiffers(LinkID, Identity?, Endpoint, value: String)
    /// A fresh link replaced one that was still registered.
    indirect case takeover(old: LinkID, new: LinkID, Identity)
    /// Two processes run with one peer's identity. The one at `kept` started first and has the link.
    indirect case twoProcesses(Identity, kept: Endpoint, refused: Endpoint)
    /// Another process runs with this node's own identity; nil: it is heard of no more.
    indirect case identityConflict(IdentityConflict?)
    /// We dialled a peer that had dialled us, to see whether it can be dialled.
    indirect case probed(Identity, Dialability)
    /// Whether others can dial this node is known now, or has changed; so many peers say so.
    indirect case dialability(Dialability, peers: Int)
    /// This host's wall clock differs from its peers' by more than it should, or no longer does.
    indirect case clockOffset(ClockOffset, isWrong: Bool)

    // discovery
    indirect case peerCheck(connected: Int, masternodes: Int, slots: Int)
    /// A discovery module says which peers it wants from now on, in its order.
    indirect case wanted([Wish], by: String, DiscoveryPass)

    /// A record that a peer told was not taken, or all that are left of its message. The identity is the record's.
    indirect case addressRefused(LinkID, Identity, AddressRefusal)

    // application
    case requestSent(id: UInt64)
    case requestAnswered(id: UInt64, after: Duration)

    // consensus
    indirect case blockProduced(height: UInt64, hash: BlockHash, slot: UInt64)
    indirect case blockAccepted(height: UInt64, hash: BlockHash, slot: UInt64)
    /// The store does not take or give the chain: this node makes no blocks until `storeResumed`.
    indirect case storeHalted(StoreFailure)
    /// The store takes the chain again.
    case storeResumed
    /// This node's own slot passed without a block.
    case ownSlotSkipped(slot: UInt64, SkipCause)
    /// The tip moved to another branch, giving up `depth` blocks.
    indirect case reorganised(depth: UInt64, height: UInt64, hash: BlockHash)
    indirect case blockRejected(Identity?, BlockRejection)
    /// A masternode has signed two blocks for one slot. Told once a slot.
    indirect case equivocated(Identity, slot: UInt64)

    // anything
    case messageDropped(LinkID?, Channel, DropCause)
    /// A message was taken without those of its fields that this node does not know.
    case fieldsIgnored(LinkID, Channel)
    indirect case note(NoteLevel, String)
}

/// Who ended a link.
public enum LinkEnder: String, Sendable, Hashable, Codable {
    case us
    case peer
    case transport
}

/// Why a leader made no block in its slot.
public enum SkipCause: String, Sendable, Hashable, Codable {
    case tooFewMasternodes = "too-few-masternodes"
    case catchingUp = "catching-up"
    case notStarted = "not-started"
    /// Most peers, or the chain, are in slots that have not come by this host's clock.
    case clockBehind = "clock-behind"
    /// This host's clock is ahead of the peers'.
    case clockAhead = "clock-ahead"
    /// Another process signs with this node's key, and this one is not the older.
    case identityInUse = "identity-in-use"
    /// The store did not take the block.
    case storeFailed = "store-failed"
    /// The store took it too late: another block had come, or more own blocks waited than may.
    case storeSlow = "store-slow"
    /// The chain is further behind the slots than this node may lead (a rule of the historical network).
    case behindSchedule = "behind-schedule"
}

/// Why a block was not taken.
public enum BlockRejection: String, Sendable, Hashable, Codable {
    case badSignature = "bad-signature"
    case wrongLeader = "wrong-leader"
    case slotNotAfterParent = "slot-not-after-parent"
    case slotInFuture = "slot-in-future"
    case wrongHeight = "wrong-height"
    case tooLarge = "too-large"
    case tooDeep = "too-deep"
    /// Its time lies outside its slot, or further ahead of this host's clock than clocks may differ.
    case badTimestamp = "bad-timestamp"
    /// The application refuses what is in it.
    case invalidPayload = "invalid-payload"
}

/// Why an address record was not taken.
public enum AddressRefusal: String, Sendable, Hashable, Codable, CaseIterable {
    case malformed
    case badSignature = "bad-signature"
    case wrongNetwork = "wrong-network"
    case expired
    /// It would be believed for longer than any record may be.
    case farFuture = "far-future"
    /// Addresses of one host or one site, in a network that has none such.
    case privateAddress = "private-address"
    /// The same endpoint twice.
    case repeatedEndpoint = "repeated-endpoint"
    /// The peer tells more than its share.
    case tooMany = "too-many"
    /// More signatures wait than may.
    case busy
    /// Whoever holds its place in the book keeps it.
    case noRoom = "no-room"
}

/// Why a message was dropped.
public enum DropCause: String, Sendable, Hashable, Codable {
    case noRoute = "no-route"
    case notUp = "not-up"
    case noReceiver = "no-receiver"
    case queueFull = "queue-full"
    /// Load that the line had no room for in time.
    case waitedTooLong = "waited-too-long"
    /// The write that it had to follow is not durable.
    case notDurable = "not-durable"
    /// The peer says or asks this more often than is answered.
    case rateLimited = "rate-limited"
    /// Two other blocks of its slot are known already.
    case equivocation
    /// It is of a module that this node does not run.
    case unknownModule = "unknown-module"
    /// The module does not know this kind of message: the peer runs a later version.
    case unknownKind = "unknown-kind"
}

/// How loud a note is.
public enum NoteLevel: String, Sendable, Hashable, Codable {
    case debug
    case info
    case warning
    case error
}
