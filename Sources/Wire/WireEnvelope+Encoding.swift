#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Domain values to generated ones. Nothing can fail here: what must not be sent was refused by `isEncodable`.
extension WireEnvelope {
    init(_ message: Message) {
        self.init()
        switch message {
        case .hello(let hello): self.hello = WireHello(hello)
        case .helloAck(let ack): self.helloAck = WireHelloAck(ack)
        case .proof(let proof):
            self.proof.signature = proof.signature.wireData
            self.proof.wall = proof.wall
        case .ready: self.ready = WireReady()
        case .goodbye(let reason): self.goodbye.reason = reason.rawValue
        case .dialability(let word): self.dialability = WireDialability(word)
        case .otherProcess(let other): self.otherProcess = WireOtherProcess(other)
        case .ping(let nonce): self.ping.nonce = nonce
        case .pong(let nonce): self.pong.nonce = nonce
        case .busy(let milliseconds): self.busy.milliseconds = milliseconds
        case .swim(let swim): self.swim = WireSwim(swim)
        case .tip(let height, let hash):
            self.tip.height = height
            self.tip.hash = Data(hash.bytes.bytes)
        case .block(let block): self.block = WireBlock(block)
        case .getBlocks(let from, let limit):
            self.getBlocks.from = from
            self.getBlocks.limit = limit
        case .blocks(let blocks): self.blocks.blocks = blocks.map(WireBlock.init)
        case .getAddresses(let limit): self.getAddresses.limit = limit
        case .addresses(let records): self.addresses.records = records.map(WireAddressRecord.init)
        case .request(let id, let padding):
            self.request.id = id
            self.request.padding = Data(count: Int(padding))
        case .reply(let id, let padding):
            self.reply.id = id
            self.reply.padding = Data(count: Int(padding))
        case .custom(let custom):
            self.custom.kind = custom.kind
            self.custom.body = Data(custom.body)
        }
    }
}

extension WireHello {
    fileprivate init(_ hello: Hello) {
        self.init()
        version = hello.version
        network = hello.network
        identity = Data(hello.identity.key.bytes)
        incarnation = hello.incarnation
        dialSequence = hello.dialSequence
        endedSequence = hello.endedSequence
        listen = WireEndpoint(hello.listen)
        nonce = hello.nonce
        probe = hello.isProbe
        takesDialability = hello.takesDialability
        if let statement = hello.process { process = WireProcessStatement(statement) }
        if let held = hello.agreement { agreement = WireAgreement(held) }
    }
}

extension WireProcessStatement {
    fileprivate init(_ statement: ProcessStatement) {
        self.init()
        started = statement.started
        said = statement.said
        signature = statement.signature.wireData
    }
}

extension WireOtherProcess {
    fileprivate init(_ other: OtherProcess) {
        self.init()
        incarnation = other.incarnation
        statement = WireProcessStatement(other.statement)
        endpoint = WireEndpoint(other.endpoint)
    }
}

extension WireAgreement {
    fileprivate init(_ agreement: Agreement) {
        self.init()
        digest = Data(agreement.digest.bytes)
        values = agreement.values.map { value in
            WireAgreedValue.with {
                $0.name = value.name
                $0.digest = value.digest
            }
        }
    }
}

extension WireDialability {
    fileprivate init(_ word: Dialability) {
        self.init()
        endpoint = WireEndpoint(word.endpoint)
        reason = word.reason?.rawValue ?? ""
    }
}

extension WireEndpoint {
    fileprivate init(_ endpoint: Endpoint) {
        self.init()
        ip = Data(endpoint.ip.bytes)
        port = UInt32(endpoint.port)
    }
}

extension WireAddressRecord {
    fileprivate init(_ record: AddressRecord) {
        self.init()
        network = record.network
        identity = Data(record.identity.key.bytes)
        endpoints = record.endpoints.map(WireEndpoint.init)
        sequence = record.sequence
        expires = record.expires
        signature = record.signature.wireData
    }
}

extension WireHelloAck {
    fileprivate init(_ ack: HelloAck) {
        self.init()
        refusal = ack.refusal?.rawValue ?? ""
        identity = Data(ack.identity.key.bytes)
        incarnation = ack.incarnation
        nonce = ack.nonce
        signature = ack.signature.wireData
        wall = ack.wall
        if let statement = ack.process { process = WireProcessStatement(statement) }
        if let held = ack.agreement { agreement = WireAgreement(held) }
    }
}

extension WireSwim {
    fileprivate init(_ swim: SwimMessage) {
        self.init()
        kind = UInt32(swim.kind.rawValue)
        sequence = swim.sequence
        subject = swim.subject.map { Data($0.key.bytes) } ?? Data()
        claims = swim.claims.map { claim in
            WireSwimClaim.with {
                $0.status = UInt32(claim.status.rawValue)
                $0.subject = Data(claim.subject.key.bytes)
                $0.incarnation = claim.incarnation
                $0.source = Data(claim.source.key.bytes)
            }
        }
    }
}

extension WireBlock {
    fileprivate init(_ block: Block) {
        self.init()
        height = block.height
        parent = Data(block.parent.bytes.bytes)
        slot = block.slot
        proposer = Data(block.proposer.key.bytes)
        timestamp = block.timestamp
        payload = Data(block.payload)
        signature = block.signature.wireData
    }
}

extension Signature {
    /// Sixty-four bytes, or none for `.none`.
    fileprivate var wireData: Data { self == .none ? Data() : Data(bytes) }
}
