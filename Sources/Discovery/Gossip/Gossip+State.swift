import Collections
import Kernel
import Wire

extension Gossip {
    /// Everything the module remembers: bounded by the book's places, the masternodes of the network file, the links
    /// that are up and the checks under way.
    public struct State: Codable, Sendable {
        /// Signature checks under way at once, each of one message, that a link may not have all of; beside them every
        /// link that has none may have one.
        static let checkLimit = 16
        /// Of one link.
        static let checksPerLink = 4

        var book = AddressBook(key: BookKey(first: 0, second: 0))
        /// The read that is awaited; nil once the store has said all. Until then nothing is told or taken.
        var loading: Token?
        /// Whether the store had a book of this layout: without its secret its rows mean nothing.
        var hasFoundHead = false
        /// Our own record; nil where we have no address to tell.
        var own: AddressRecord?
        /// The highest sequence that was ever ours, as far as we know.
        var sequence: UInt64 = 0
        var renewedAt: Instant?
        /// Links that are up.
        var peers: OrderedDictionary<LinkID, Peer> = [:]
        /// Records whose signatures are being checked.
        var checks: OrderedDictionary<Token, Check> = [:]
        /// When news of a masternode was passed on last.
        var passedOn: OrderedDictionary<Identity, Instant> = [:]
        /// Strangers that a former run, then this one, had dialled links to.
        var anchors: [Identity] = []
        /// Whom we want dialled for a test.
        var tests: [Wish] = []
        var isHeadUnsaved = true
        /// A write of what has changed is set for later.
        var isSaveSet = false
        /// The write under way, and the rows in it.
        var saving: Saving?
        /// The store could not be read: this run leaves it as it is.
        var isStoreUnread: Bool?
    }

    /// The other end of a link that is up.
    struct Peer: Codable, Sendable {
        var identity: Identity
        /// What records it tells are filed under.
        var group: AddressGroup
        var isDialled: Bool
        var isMember: Bool
        /// Records it may still tell; grows with time and with our questions.
        var credit: Int
        var creditAt: Instant
        var askedAt: Instant?
        var answeredAt: Instant?
        /// It asked before we had read the store.
        var owed: UInt32?
    }

    struct Check: Codable, Sendable {
        var link: LinkID
        var group: AddressGroup
        var records: [AddressRecord]
    }

    struct Saving: Codable, Sendable {
        var token: WriteToken
        var rows: [UInt64]
        var hasHead: Bool
    }
}
