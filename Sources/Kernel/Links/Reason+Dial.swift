import Wire

extension Reason {
    /// Who decided that a dial came to nothing. Where no message was exchanged only TLS has been: what its certificate
    /// and its protocol show is judged by us, and the word of the door is the other end's.
    public var deciderOfDial: LinkEnder {
        switch self {
        case .wrongIdentity, .certificateExpired, .protocolVersion: .us
        case .tooFast, .tooManyLinks: .peer
        default: .transport
        }
    }
}
