/// Everything two nodes say to each other: what the kernel itself speaks, and what modules declare. The simulator carries
/// these values as they are; `FrameEncoder` and
/// `FrameDecoder` turn them into bytes for a real socket.
public enum Message: Sendable, Hashable {
    // links
    indirect case hello(Hello)
    indirect case helloAck(HelloAck)
    indirect case proof(Proof)
    /// The acceptor's last word of a signed handshake, or the dialler's of a three-step one: the link is up.
    case ready
    /// Said before a close, so that the other end can name the cause too.
    case goodbye(Reason)
    /// What came of a probe of the receiver's address. Only to a dialler whose `Hello` takes it.
    indirect case dialability(Dialability)
    /// A second process runs with the receiver's key.
    indirect case otherProcess(OtherProcess)

    // liveness
    case ping(nonce: UInt64)
    case pong(nonce: UInt64)
    /// The sender will answer nothing for up to so long; 0 says that it is done.
    case busy(milliseconds: UInt32)

    /// A message that a module declares for itself, or one that nobody here knows.
    case module(ModuleEnvelope)

    /// The channel that carries the message, hence which role receives it.
    public var channel: Channel {
        switch self {
        case .hello, .helloAck, .proof, .ready, .goodbye, .dialability, .otherProcess: .links
        case .ping, .pong, .busy: .liveness
        case .module(let envelope): envelope.channel
        }
    }
}

extension Message {
    /// A module's message, ready to be sent. What goes to many peers is made once.
    @inlinable public init(_ message: some ModuleMessage) { self = .module(TypedEnvelope(message)) }
}

/// A stream of messages inside a link, one per role, each with its own limit.
public enum Channel: UInt8, Sendable, Hashable, CaseIterable {
    case links = 0
    case liveness = 1
    case discovery = 2
    case consensus = 3
    case application = 4

    /// The role that the channel belongs to.
    public var name: String {
        switch self {
        case .links: "links"
        case .liveness: "liveness"
        case .discovery: "discovery"
        case .consensus: "consensus"
        case .application: "application"
        }
    }

    /// The longest body a frame of this channel may have, in bytes. A longer one ends the link before any of it is
    /// held.
    public var limit: Int {
        switch self {
        case .links: 4 * 1024
        case .liveness: 1024
        case .discovery: 64 * 1024
        case .consensus: 4 * 1024 * 1024
        case .application: 1024 * 1024
        }
    }
}

/// The dialler's first message.
public struct Hello: Sendable, Hashable {
    /// The wire version the dialler speaks.
    public var version: UInt32
    /// Name of the network, from the network file.
    public var network: String
    /// Who the dialler is.
    public var identity: Identity
    /// Random number of the dialler's process start.
    public var incarnation: UInt64
    /// How many dials this incarnation had made to this peer, this one included.
    public var dialSequence: UInt64
    /// The highest `dialSequence` of the *other* end whose link the dialler has seen end; 0 if none. It tells a
    /// crossed dial (the peer's link is news to us) from a redial (we had it and lost it).
    public var endedSequence: UInt64
    /// Where the dialler listens.
    public var listen: Endpoint
    /// Fresh random bits, signed by both ends in a signed handshake.
    public var nonce: UInt64
    /// The connection is to become no link: the dialler finds out whether the other end can be dialled, and who is there.
    public var isProbe: Bool
    /// The dialler understands `dialability`, and wants to know.
    public var takesDialability: Bool
    /// The dialler's process in words that anybody can pass on; nil where the handshake signs nothing.
    public var process: ProcessStatement?
    /// What all nodes of the network must hold alike, as the dialler holds it.
    public var agreement: Agreement?

    public init(
        version: UInt32, network: String, identity: Identity, incarnation: UInt64, dialSequence: UInt64,
        endedSequence: UInt64, listen: Endpoint, nonce: UInt64, isProbe: Bool = false, takesDialability: Bool = false,
        process: ProcessStatement? = nil, agreement: Agreement? = nil
    ) {
        self.version = version
        self.network = network
        self.identity = identity
        self.incarnation = incarnation
        self.dialSequence = dialSequence
        self.endedSequence = endedSequence
        self.listen = listen
        self.nonce = nonce
        self.isProbe = isProbe
        self.takesDialability = takesDialability
        self.process = process
        self.agreement = agreement
    }

    /// The wire version of this build. It covers the frame format, the messages and who wins a crossed dial.
    public static let currentVersion: UInt32 = 3
}

/// The acceptor's answer to a `Hello`.
public struct HelloAck: Sendable, Hashable {
    /// Nil when the dial is accepted, else why not.
    public var refusal: Reason?
    /// Who the acceptor is.
    public var identity: Identity
    /// Random number of the acceptor's process start.
    public var incarnation: UInt64
    /// Fresh random bits.
    public var nonce: UInt64
    /// The acceptor's signature over the transcript; `.none` where the style signs nothing.
    public var signature: Signature
    /// The acceptor's wall clock as it says this: milliseconds since 1970-01-01 UTC.
    public var wall: Int64
    /// The acceptor's process in words that anybody can pass on; nil where the handshake signs nothing.
    public var process: ProcessStatement?
    /// What the acceptor holds, where it refuses for a difference.
    public var agreement: Agreement?

    public init(
        refusal: Reason?, identity: Identity, incarnation: UInt64, nonce: UInt64, signature: Signature,
        wall: Int64 = 0, process: ProcessStatement? = nil, agreement: Agreement? = nil
    ) {
        self.refusal = refusal
        self.identity = identity
        self.incarnation = incarnation
        self.nonce = nonce
        self.signature = signature
        self.wall = wall
        self.process = process
        self.agreement = agreement
    }
}

/// The dialler's signature over the same transcript.
public struct Proof: Sendable, Hashable {
    /// Over the transcript and `wall`.
    public var signature: Signature
    /// The dialler's wall clock as it says this: milliseconds since 1970-01-01 UTC.
    public var wall: Int64

    public init(signature: Signature, wall: Int64 = 0) {
        self.signature = signature
        self.wall = wall
    }
}
