/// The messages an `Envelope` can hold, by field number.
enum EnvelopeField: UInt64, CaseIterable {
    case hello = 1
    case helloAck = 2
    case proof = 3
    case ready = 4
    case goodbye = 5
    case ping = 6
    case pong = 7
    case module = 14
    case busy = 22
    case dialability = 24
    case otherProcess = 25

    /// The first byte of the tag in front of the message: field number and wire type 2 (length-delimited). Where the
    /// number is below 16 it is the whole tag; no number is above 31.
    var tag: UInt8 { UInt8(rawValue << 3 | 2) }

    /// The channel the message belongs to, nil where any will do.
    var channel: Channel? {
        switch self {
        case .hello, .helloAck, .proof, .ready, .goodbye, .dialability, .otherProcess: .links
        case .ping, .pong, .busy: .liveness
        case .module: nil
        }
    }
}
