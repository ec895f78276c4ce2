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
                $0.field("wall_ms", proof.wall)
            case .ready: $0.word("kind", "ready")
            case .goodbye(let reason):
                $0.word("kind", "goodbye")
                $0.field("reason", reason)
            case .dialability(let word):
                $0.word("kind", "dialability")
                $0.dialability(word)
            case .otherProcess(let other):
                $0.word("kind", "other-process")
                $0.otherProcess(other)
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
        if let statement = hello.process { object("process") { $0.statement(statement) } }
        if let agreement = hello.agreement { object("agreement") { $0.agreement(agreement) } }
    }

    private mutating func statement(_ statement: ProcessStatement) {
        field("started_ms", statement.started)
        field("said_ms", statement.said)
        field("signature", statement.signature)
    }

    private mutating func agreement(_ agreement: Agreement) {
        field("digest", agreement.digest)
        list("values", agreement.values) { value, line in
            line.object {
                $0.field("name", value.name)
                $0.bits("digest", value.digest)
            }
        }
    }

    mutating func otherProcess(_ other: OtherProcess) {
        bits("incarnation", other.incarnation)
        object("statement") { $0.statement(other.statement) }
        field("endpoint", other.endpoint)
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
        field("wall_ms", ack.wall)
        if let statement = ack.process { object("process") { $0.statement(statement) } }
        if let agreement = ack.agreement { object("agreement") { $0.agreement(agreement) } }
    }
}

extension FieldReader {
    func message() throws(TraceError) -> Message {
        switch try text("kind") {
        case "hello": .hello(try hello())
        case "hello-ack": .helloAck(try helloAck())
        case "proof": .proof(Proof(signature: try signature("signature"), wall: try number("wall_ms")))
        case "ready": .ready
        case "goodbye": .goodbye(try word("reason"))
        case "dialability":
            .dialability(
                Dialability(
                    endpoint: try endpoint("endpoint"),
                    reason: try optional("reason") { name throws(TraceError) in try word(name) }
                )
            )
        case "other-process": .otherProcess(try otherProcess())
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
            takesDialability: try optional("takes_dialability") { name throws(TraceError) in try flag(name) } ?? false,
            process: try optional("process") { name throws(TraceError) in try object(name).statement() },
            agreement: try optional("agreement") { name throws(TraceError) in try object(name).agreement() }
        )
    }

    private func statement() throws(TraceError) -> ProcessStatement {
        ProcessStatement(
            started: try number("started_ms"), said: try number("said_ms"), signature: try signature("signature")
        )
    }

    private func agreement() throws(TraceError) -> Agreement {
        Agreement(
            digest: try thirtyTwo("digest"),
            values: try list("values") { item throws(TraceError) in
                Agreement.Value(name: try item.text("name"), digest: try item.bits("digest"))
            }
        )
    }

    private func otherProcess() throws(TraceError) -> OtherProcess {
        OtherProcess(
            incarnation: try bits("incarnation"), statement: try object("statement").statement(),
            endpoint: try endpoint("endpoint")
        )
    }

    private func helloAck() throws(TraceError) -> HelloAck {
        HelloAck(
            refusal: try optional("refusal") { name throws(TraceError) in try word(name) },
            identity: try identity("identity"), incarnation: try bits("incarnation"), nonce: try bits("nonce"),
            signature: try signature("signature"), wall: try number("wall_ms"),
            process: try optional("process") { name throws(TraceError) in try object(name).statement() },
            agreement: try optional("agreement") { name throws(TraceError) in try object(name).agreement() }
        )
    }
}
