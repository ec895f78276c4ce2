/// The messages an `Envelope` can hold, by field number.
enum EnvelopeField: UInt64, CaseIterable {
    case hello = 1
    case helloAck = 2
    case proof = 3
    case ready = 4
    case goodbye = 5
    case ping = 6
    case pong = 7
    case tip = 8
    case block = 9
    case getBlocks = 10
    case blocks = 11
    case request = 12
    case reply = 13
    case custom = 15
    case busy = 20
    case swim = 21

    /// The tag in front of a message that is coded by hand: field number and wire type 2 (length-delimited). The
    /// numbers of those are below 16, so that it is one byte.
    var tag: UInt8 { UInt8(rawValue << 3 | 2) }

    /// The channel the message belongs to, nil where any will do.
    var channel: Channel? {
        switch self {
        case .hello, .helloAck, .proof, .ready, .goodbye: .links
        case .ping, .pong, .busy, .swim: .liveness
        case .tip, .block, .getBlocks, .blocks: .consensus
        case .request, .reply: .application
        case .custom: nil
        }
    }
}
