import Wire

// Messages of modules: their bytes, from which they are read again, and what their module says of them for people.

extension LineWriter {
    package mutating func envelope(_ envelope: ModuleEnvelope) {
        word("kind", "module")
        field("channel", envelope.channel.name)
        field("scope", envelope.scope)
        field("number", envelope.kind)
        hex("body", envelope.body)
        if let raw = envelope as? RawEnvelope {
            if raw.unknownFields > 0 { field("skipped_fields", raw.unknownFields) }
            if let text = raw.tracedText { json("about", text) }
        } else {
            object("about") { $0.about(envelope) }
        }
    }

    private mutating func about(_ envelope: ModuleEnvelope) {
        if let scope = envelope.scopeName { field("module", scope.module) }
        if let traits = envelope.traits { field("name", traits.name) }
        if let fields = envelope.fields { self.fields(fields) }
    }

    private mutating func fields(_ fields: TraceFields) {
        for (name, value) in fields.items {
            switch value {
            case .number(let number): field(name, number)
            case .signed(let number): field(name, number)
            case .text(let text): field(name, text)
            case .flag(let flag): field(name, flag)
            case .bytes(let bytes): hex(name, bytes)
            case .list(let items): list(name, items) { item, line in line.object { $0.fields(item) } }
            }
        }
    }
}

extension DigestSink {
    /// By its fingerprint, which depends on every byte and is computed once for all who send and take the message.
    @inline(__always) mutating func envelope(_ envelope: ModuleEnvelope) {
        hash.add(envelope.fingerprint, Self.word("module"))
    }
}

extension FieldReader {
    /// The bytes of a message. The node that is told of it reads them.
    func envelope() throws(TraceError) -> ModuleEnvelope {
        RawEnvelope(
            channel: try channel("channel"), scope: try number("scope"), kind: try number("number"),
            body: try bytes("body"),
            unknownFields: try optional("skipped_fields") { name throws(TraceError) in try number(name) } ?? 0,
            tracedText: tree["about"]?.bytes
        )
    }
}
