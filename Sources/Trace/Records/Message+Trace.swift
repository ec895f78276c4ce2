import Wire

// Messages, each under the names that its fields have on the wire.

extension FieldSink {
    mutating func message(_ message: Message) {
        object("message") {
            switch message {
            case .hello(let hello): $0.hello(hello)
            case .helloAck(let ack): $0.helloAck(ack)
            case .proof(let proof):
                $0.word("kind", "proof")
                $0.field("signature", proof.signature)
            case .ready: $0.word("kind", "ready")
            case .goodbye(let reason):
                $0.word("kind", "goodbye")
                $0.field("reason", reason)
            case .dialability(let word):
                $0.word("kind", "dialability")
                $0.dialability(word)
            case .ping(let nonce):
                $0.word("kind", "ping")
                $0.bits("nonce", nonce)
            case .pong(let nonce):
                $0.word("kind", "pong")
                $0.bits("nonce", nonce)
            case .busy(let milliseconds):
                $0.word("kind", "busy")
                $0.field("milliseconds", milliseconds)
            case .module(let envelope): $0.envelope(envelope)
            }
        }
    }

    private mutating func hello(_ hello: Hello) {
        word("kind", "hello")
        field("version", hello.version)
        field("network", hello.network)
        field("identity", hello.identity)
        bits("incarnation", hello.incarnation)
        field("dial_sequence", hello.dialSequence)
        field("ended_sequence", hello.endedSequence)
        field("listen", hello.listen)
        bits("nonce", hello.nonce)
        if hello.isProbe { field("probe", true) }
        if hello.takesDialability { field("takes_dialability", true) }
    }

    mutating func dialability(_ word: Dialability) {
        field("endpoint", word.endpoint)
        if let reason = word.reason { field("reason", reason) }
    }

    private mutating func helloAck(_ ack: HelloAck) {
        word("kind", "hello-ack")
        if let refusal = ack.refusal { field("refusal", refusal) }
        field("identity", ack.identity)
        bits("incarnation", ack.incarnation)
        bits("nonce", ack.nonce)
        field("signature", ack.signature)
    }
}

extension FieldReader {
    func message() throws(TraceError) -> Message {
        switch try text("kind") {
        case "hello": .hello(try hello())
        case "hello-ack": .helloAck(try helloAck())
        case "proof": .proof(Proof(signature: try signature("signature")))
        case "ready": .ready
        case "goodbye": .goodbye(try word("reason"))
        case "dialability":
            .dialability(
                Dialability(
                    endpoint: try endpoint("endpoint"),
                    reason: try optional("reason") { name throws(TraceError) in try word(name) }
                )
            )
        case "ping": .ping(nonce: try bits("nonce"))
        case "pong": .pong(nonce: try bits("nonce"))
        case "busy": .busy(milliseconds: try number("milliseconds"))
        case "module": .module(try envelope())
        case let kind: throw TraceError(.unknownKind, line: line, "no message is called '\(kind)'")
        }
    }

    private func hello() throws(TraceError) -> Hello {
        Hello(
            version: try number("version"), network: try text("network"), identity: try identity("identity"),
            incarnation: try bits("incarnation"), dialSequence: try number("dial_sequence"),
            endedSequence: try number("ended_sequence"), listen: try endpoint("listen"), nonce: try bits("nonce"),
            isProbe: try optional("probe") { name throws(TraceError) in try flag(name) } ?? false,
            takesDialability: try optional("takes_dialability") { name throws(TraceError) in try flag(name) } ?? false
        )
    }

    private func helloAck() throws(TraceError) -> HelloAck {
        HelloAck(
            refusal: try optional("refusal") { name throws(TraceError) in try word(name) },
            identity: try identity("identity"), incarnation: try bits("incarnation"), nonce: try bits("nonce"),
            signature: try signature("signature")
        )
    }
}
