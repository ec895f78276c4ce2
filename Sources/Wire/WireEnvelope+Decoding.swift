#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Generated values to domain ones, with the ranges that the schema's language cannot state.
extension WireEnvelope {
    func message(on channel: Channel) throws(BodyFault) -> Message {
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
        case .swim(let swim): return .swim(try swim.domain())
        case .tip(let tip):
            return .tip(height: tip.height, hash: BlockHash(bytes: try thirtyTwo(tip.hash, "tip.hash")))
        case .block(let block): return .block(try block.domain())
        case .getBlocks(let request): return .getBlocks(from: request.from, limit: request.limit)
        case .blocks(let list):
            var blocks: [Block] = []
            blocks.reserveCapacity(list.blocks.count)
            for block in list.blocks { blocks.append(try block.domain()) }
            return .blocks(blocks)
        case .getAddresses(let request): return .getAddresses(limit: request.limit)
        case .addresses(let list):
            var records: [AddressRecord] = []
            records.reserveCapacity(list.records.count)
            for record in list.records { records.append(try record.domain()) }
            return .addresses(records)
        case .request(let request): return .request(id: request.id, padding: UInt32(request.padding.count))
        case .reply(let reply): return .reply(id: reply.id, padding: UInt32(reply.padding.count))
        case .custom(let custom):
            return .custom(CustomMessage(channel: channel, kind: custom.kind, body: Array(custom.body)))
        case nil: throw .malformed("the body holds no message")
        }
    }
}

extension WireHello {
    fileprivate func domain() throws(BodyFault) -> Hello {
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
    fileprivate func domain() throws(BodyFault) -> ProcessStatement {
        ProcessStatement(started: started, said: said, signature: try Wire.signature(signature))
    }
}

extension WireOtherProcess {
    fileprivate func domain() throws(BodyFault) -> OtherProcess {
        OtherProcess(incarnation: incarnation, statement: try statement.domain(), endpoint: try endpoint.domain())
    }
}

extension WireAgreement {
    fileprivate func domain() throws(BodyFault) -> Agreement {
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
    fileprivate func domain() throws(BodyFault) -> Dialability {
        Dialability(
            endpoint: try endpoint.domain(), reason: reason.isEmpty ? nil : Reason(rawValue: reason) ?? .other)
    }
}

extension WireEndpoint {
    fileprivate func domain() throws(BodyFault) -> Endpoint {
        guard let address = IPAddress(bytes: ip) else {
            throw .outOfRange("endpoint.ip has \(ip.count) bytes; an address has 4 or 16")
        }
        guard let port = UInt16(exactly: port) else {
            throw .outOfRange("endpoint.port is \(port); a port is at most 65535")
        }
        return Endpoint(ip: address, port: port)
    }
}

extension WireAddressRecord {
    fileprivate func domain() throws(BodyFault) -> AddressRecord {
        let nameBytes = network.utf8.count
        guard nameBytes <= Frame.maximumNetworkNameBytes else {
            throw .outOfRange(
                "record.network has \(nameBytes) bytes; at most \(Frame.maximumNetworkNameBytes) are allowed")
        }
        guard !endpoints.isEmpty else { throw .outOfRange("a record has no endpoint; it has at least one") }
        var known: [Endpoint] = []
        for wire in endpoints {
            let endpoint = try wire.domain()
            guard endpoint.isDialable else { throw .outOfRange("record.endpoints: nobody can dial \(endpoint)") }
            known.append(endpoint)
        }
        return AddressRecord(
            network: network, identity: try Wire.identity(identity, "record.identity"), endpoints: known,
            sequence: sequence, expires: expires, signature: try Wire.signature(signature))
    }
}

extension WireHelloAck {
    fileprivate func domain() throws(BodyFault) -> HelloAck {
        HelloAck(
            refusal: refusal.isEmpty ? nil : Reason(rawValue: refusal) ?? .other,
            identity: try Wire.identity(identity, "hello_ack.identity"),
            incarnation: incarnation, nonce: nonce, signature: try Wire.signature(signature), wall: wall,
            process: hasProcess ? try process.domain() : nil, agreement: hasAgreement ? try agreement.domain() : nil)
    }
}

extension WireSwim {
    fileprivate func domain() throws(BodyFault) -> SwimMessage {
        guard let kind = UInt8(exactly: kind).flatMap(SwimMessage.Kind.init) else {
            throw .outOfRange("swim.kind is \(kind); a kind is 1 to 4")
        }
        guard kind.hasSubject != subject.isEmpty else {
            throw .outOfRange("swim.subject has \(subject.count) bytes, which is wrong for kind \(kind.rawValue)")
        }
        var claims: [SwimClaim] = []
        claims.reserveCapacity(self.claims.count)
        for claim in self.claims { claims.append(try claim.domain()) }
        return SwimMessage(
            kind: kind, sequence: sequence,
            subject: kind.hasSubject ? try Wire.identity(subject, "swim.subject") : nil, claims: claims)
    }
}

extension WireSwimClaim {
    fileprivate func domain() throws(BodyFault) -> SwimClaim {
        guard let status = UInt8(exactly: status).flatMap(SwimClaim.Status.init) else {
            throw .outOfRange("a claim's status is \(status); a status is 1 to 3")
        }
        return SwimClaim(
            status: status, subject: try Wire.identity(subject, "claim.subject"), incarnation: incarnation,
            source: try Wire.identity(source, "claim.source"))
    }
}

extension WireBlock {
    fileprivate func domain() throws(BodyFault) -> Block {
        Block(
            height: height, parent: BlockHash(bytes: try thirtyTwo(parent, "block.parent")), slot: slot,
            proposer: try Wire.identity(proposer, "block.proposer"), timestamp: timestamp,
            payload: Array(payload), signature: try Wire.signature(signature))
    }
}

private func identity(_ data: Data, _ name: String) throws(BodyFault) -> Identity {
    guard let identity = Identity(untrusted: try thirtyTwo(data, name)) else {
        throw .outOfRange("\(name) is no public key that a node may have")
    }
    return identity
}

private func thirtyTwo(_ data: Data, _ name: String) throws(BodyFault) -> Bytes32 {
    guard let bytes = Bytes32(data) else { throw .outOfRange("\(name) has \(data.count) bytes; it has 32") }
    return bytes
}

private func signature(_ data: Data) throws(BodyFault) -> Signature {
    if data.isEmpty { return .none }
    guard let signature = Signature(data) else {
        throw .outOfRange("a signature has \(data.count) bytes; it has 64, or none")
    }
    return signature
}
