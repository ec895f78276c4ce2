import Kernel
import Wire

/// What an input keeps a node's one loop busy for, by kind; everything else costs nothing.
public struct ServiceCost: Sendable, Hashable {
    /// Any message.
    public var message: Duration = .zero
    /// A block, beyond a message.
    public var block: Duration = .zero
    /// A message of an exchange of addresses, beyond a message.
    public var exchange: Duration = .zero
    /// An incoming connection, beyond a message: what TLS and the handshake's signatures take.
    public var accept: Duration = .zero

    /// Nanoseconds.
    func cost(of input: Input) -> Int64 {
        switch input {
        case .received(_, .module(let envelope)): message.nanoseconds + cost(of: envelope)
        case .received: message.nanoseconds
        case .accepted: accept.nanoseconds
        default: 0
        }
    }

    private func cost(of envelope: ModuleEnvelope) -> Int64 {
        switch envelope.traits?.cost ?? .plain {
        case .plain: 0
        case .block: Int64(envelope.units) * block.nanoseconds
        case .exchange: Int64(envelope.units) * exchange.nanoseconds
        }
    }
}

/// Bits a second that a host can send.
public struct Bandwidth: Sendable, Hashable {
    public var bitsPerSecond: Int

    public init(bitsPerSecond: Int) {
        self.bitsPerSecond = bitsPerSecond
    }

    /// Nanoseconds that so many bytes take.
    func nanoseconds(for bytes: Int) -> Int64 {
        let (product, overflow) = Int64(bytes).multipliedReportingOverflow(by: 8_000_000_000)
        return overflow ? .max / 2 : product / Int64(max(1, bitsPerSecond))
    }
}
