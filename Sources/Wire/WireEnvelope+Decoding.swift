#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Generated values to domain ones, with the ranges that the schema's language cannot state.
extension WireEnvelope {
    func message(on channel: Channel) throws(MessageFault) -> Message {
        switch message {
        case .hello(let hello): return .hello(try hello.domain())
        case .helloAck(let ack): return .helloAck(try ack.domain())
        case .proof(let proof): return .proof(Proof(signature: try signature(proof.signature), wall: proof.wall))
        case .ready: return .ready
        case .goodbye(let goodbye): return .goodbye(Reason(rawValue: goodbye.reason) ?? .other)
        case .dialability(let word): return .dialability(try word.domain())
        case .otherProcess(let other): return .otherProcess(try other.domain())
        case .ping(let ping): return .ping(nonce: ping.nonce)
        case .pong(let pong): return .pong(nonce: pong.nonce)
        case .busy(let busy): return .busy(milliseconds: busy.milliseconds)
        case .module(let envelope):
            return .module(
                RawEnvelope(channel: channel, scope: envelope.scope, kind: envelope.kind, body: Array(envelope.body))
            )
        case nil: throw .malformed("the body holds no message")
        }
    }
}

extension WireHello {
    fileprivate func domain() throws(MessageFault) -> Hello {
        let nameBytes = network.utf8.count
        guard nameBytes <= Frame.maximumNetworkNameBytes else {
            throw .outOfRange(
                "hello.network has \(nameBytes) bytes; at most \(Frame.maximumNetworkNameBytes) are allowed")
        }
        return Hello(
            version: version, network: network, identity: try Wire.identity(identity, "hello.identity"),
            incarnation: incarnation, dialSequence: dialSequence, endedSequence: endedSequence,
            listen: try listen.domain(), nonce: nonce, isProbe: probe, takesDialability: takesDialability,
            process: hasProcess ? try process.domain() : nil, agreement: hasAgreement ? try agreement.domain() : nil)
    }
}

extension WireProcessStatement {
    fileprivate func domain() throws(MessageFault) -> ProcessStatement {
        ProcessStatement(started: started, said: said, signature: try Wire.signature(signature))
    }
}

extension WireOtherProcess {
    fileprivate func domain() throws(MessageFault) -> OtherProcess {
        OtherProcess(incarnation: incarnation, statement: try statement.domain(), endpoint: try endpoint.domain())
    }
}

extension WireAgreement {
    fileprivate func domain() throws(MessageFault) -> Agreement {
        let agreement = Agreement(
            digest: try thirtyTwo(digest, "agreement.digest"),
            values: values.map { Agreement.Value(name: $0.name, digest: $0.digest) })
        guard agreement.isWellFormed else {
            throw .outOfRange(
                "agreement.values: at most \(Agreement.maximumValues) values, each with a name of 1 to "
                    + "\(Agreement.maximumNameBytes) bytes, are allowed")
        }
        return agreement
    }
}

extension WireDialability {
    fileprivate func domain() throws(MessageFault) -> Dialability {
        Dialability(
            endpoint: try endpoint.domain(), reason: reason.isEmpty ? nil : Reason(rawValue: reason) ?? .other)
    }
}

extension WireEndpoint {
    fileprivate func domain() throws(MessageFault) -> Endpoint {
        guard let address = IPAddress(bytes: ip) else {
            throw .outOfRange("endpoint.ip has \(ip.count) bytes; an address has 4 or 16")
        }
        guard let port = UInt16(exactly: port) else {
            throw .outOfRange("endpoint.port is \(port); a port is at most 65535")
        }
        return Endpoint(ip: address, port: port)
    }
}

extension WireHelloAck {
    fileprivate func domain() throws(MessageFault) -> HelloAck {
        HelloAck(
            refusal: refusal.isEmpty ? nil : Reason(rawValue: refusal) ?? .other,
            identity: try Wire.identity(identity, "hello_ack.identity"),
            incarnation: incarnation, nonce: nonce, signature: try Wire.signature(signature), wall: wall,
            process: hasProcess ? try process.domain() : nil, agreement: hasAgreement ? try agreement.domain() : nil)
    }
}

private func identity(_ data: Data, _ name: String) throws(MessageFault) -> Identity {
    guard let identity = Identity(untrusted: try thirtyTwo(data, name)) else {
        throw .outOfRange("\(name) is no public key that a node may have")
    }
    return identity
}

private func thirtyTwo(_ data: Data, _ name: String) throws(MessageFault) -> Bytes32 {
    guard let bytes = Bytes32(data) else { throw .outOfRange("\(name) has \(data.count) bytes; it has 32") }
    return bytes
}

private func signature(_ data: Data) throws(MessageFault) -> Signature {
    if data.isEmpty { return .none }
    guard let signature = Signature(data) else {
        throw .outOfRange("a signature has \(data.count) bytes; it has 64, or none")
    }
    return signature
}
