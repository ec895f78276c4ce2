import Kernel
import Profile
import Wire

/// The options of `gossip`.
public struct GossipOptions: Sendable, Hashable {
    /// Where others should dial this node; empty: where the network file says it is, else where it listens.
    public var advertise: [Endpoint]
    /// Whether addresses that mean something on one host or site only are told and taken.
    public var privateAddresses: Bool
    /// Time between two passes: each asks one peer.
    public var interval: Duration
    /// Records in one answer.
    public var answerLimit: Int
    /// A peer gets no two answers within this time.
    public var answerInterval: Duration
    /// Records that a peer may tell unasked at once.
    public var burst: Int
    /// After a burst, one more record each time.
    public var recordInterval: Duration
    /// How long our own record is to be believed.
    public var lifetime: Duration
    /// Linked masternodes that news of a masternode is passed on to.
    public var fanOut: Int
    /// Strangers that are offered to the other modules at a time.
    public var offer: Int
    /// Strangers of the last run to begin with.
    public var anchors: Int
    /// Time between two writes to the store.
    public var saveInterval: Duration

    /// Options as they are without a profile.
    public init(
        advertise: [Endpoint] = [], privateAddresses: Bool = false, interval: Duration = .seconds(60),
        answerLimit: Int = GossipMessage.maximumRecords, answerInterval: Duration = .seconds(30), burst: Int = 256,
        recordInterval: Duration = .seconds(1), lifetime: Duration = .seconds(86_400), fanOut: Int = 8,
        offer: Int = 32, anchors: Int = 2, saveInterval: Duration = .seconds(30)
    ) {
        self.advertise = advertise
        self.privateAddresses = privateAddresses
        self.interval = interval
        self.answerLimit = answerLimit
        self.answerInterval = answerInterval
        self.burst = burst
        self.recordInterval = recordInterval
        self.lifetime = lifetime
        self.fanOut = fanOut
        self.offer = offer
        self.anchors = anchors
        self.saveInterval = saveInterval
    }

    init(_ options: Options) {
        self.init(
            advertise: options.strings("advertise").compactMap { Endpoint($0) },
            privateAddresses: options.boolean("private_addresses"), interval: options.duration("interval"),
            answerLimit: options.integer("answer_limit"), answerInterval: options.duration("answer_interval"),
            burst: options.integer("burst"), recordInterval: options.duration("record_interval"),
            lifetime: options.duration("lifetime"), fanOut: options.integer("fan_out"),
            offer: options.integer("offer"), anchors: options.integer("anchors"),
            saveInterval: options.duration("save_interval")
        )
    }

    static let spec = OptionSpec(
        [
            .list(
                "advertise", of: .endpoint, default: [], count: 0...AddressRecord.maximumEndpoints,
                "where others should dial; empty: the address in the network file, else the one listened on"
            ),
            .boolean(
                "private_addresses", default: false,
                "tell and take loopback, private and link-local addresses: for a network on one host or site"
            ),
            .duration(
                "interval", default: .seconds(60), in: .seconds(1) ... .seconds(3600),
                "time between two passes; each asks one peer"
            ),
            .integer(
                "answer_limit", default: GossipMessage.maximumRecords, in: 1...GossipMessage.maximumRecords,
                "records in one answer"),
            .duration(
                "answer_interval", default: .seconds(30), in: .seconds(1) ... .seconds(3600),
                "a peer gets no two answers within this time"
            ),
            .integer("burst", default: 256, in: 1...10_000, "records that a peer may tell unasked at once"),
            .duration(
                "record_interval", default: .seconds(1), in: .milliseconds(10) ... .seconds(3600),
                "after a burst, one more record each time"
            ),
            .duration(
                "lifetime", default: .seconds(86_400), in: .seconds(600) ... .seconds(7 * 86_400),
                "how long our own record is to be believed; a new one is told after a quarter"
            ),
            .integer("fan_out", default: 8, in: 1...100, "linked masternodes that news of one is passed on to"),
            .integer("offer", default: 32, in: 0...256, "strangers that other modules are offered at a time"),
            .integer("anchors", default: 2, in: 0...16, "strangers of the last run to begin with"),
            .duration(
                "save_interval", default: .seconds(30), in: .seconds(1) ... .seconds(3600),
                "time between two writes of the book to the store"
            ),
        ],
        check: { options in
            var problems: [String] = []
            let advertised = options.strings("advertise")
            for (index, text) in advertised.enumerated() {
                guard let endpoint = Endpoint(text), endpoint.isDialable else {
                    problems.append("advertise[\(index)]: nobody can dial \(text)")
                    continue
                }
                if advertised[..<index].contains(text) { problems.append("advertise[\(index)]: \(text) stands twice") }
                if endpoint.ip.isPrivate, !options.boolean("private_addresses") {
                    problems.append("advertise[\(index)]: \(text) is private; set 'private_addresses: true' to tell it")
                }
            }
            return problems
        }
    )
}

extension Gossip {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "gossip", version: "1", stability: .alpha,
            summary: "learns signed addresses from peers, tells and keeps them, and offers them to other modules",
            posture:
                "an address counts only with its owner's signature; one group of tellers or of addresses reaches a "
                + "sixteenth of the book, and none a masternode's place",
            options: GossipOptions.spec
        ),
        messages: GossipMessage.self, factory: .discovery { Gossip(options: GossipOptions($0)) }
    )
}
