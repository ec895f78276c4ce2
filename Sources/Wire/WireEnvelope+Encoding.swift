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
        case .module(let envelope):
            self.module.scope = envelope.scope
            self.module.kind = envelope.kind
            self.module.body = Data(envelope.body)
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

extension Signature {
    /// Sixty-four bytes, or none for `.none`.
    fileprivate var wireData: Data { self == .none ? Data() : Data(bytes) }
}
