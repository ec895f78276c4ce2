import Kernel
import Wire

// Every effect, complete and in one form, so that two of them are equal where their texts are.

extension LineWriter {
    /// The words that `out` can be.
    static let effectKinds = [
        "open", "send", "shutdown-write", "stop-reading", "close", "socket-options", "persist", "read", "verify",
        "resolve", "answer", "observe",
    ]
}

extension FieldSink {
    mutating func effect(_ effect: Effect) {
        switch effect {
        case .open(let link, let endpoint, let expected, let timeout):
            about("open", link)
            field("remote", endpoint)
            if let expected { field("expected", expected) }
            field("timeout_ns", timeout)
        case .send(let link, let message):
            about("send", link)
            self.message(message)
        case .shutdownWrite(let link): about("shutdown-write", link)
        case .stopReading(let link): about("stop-reading", link)
        case .close(let link, let reason):
            about("close", link)
            field("reason", reason)
        case .socketOptions(let link, let options):
            about("socket-options", link)
            socketOptions(options)
        case .persist(let space, let batch, let token):
            word("out", "persist")
            field("token", token)
            self.space(space)
            list("changes", batch.changes) { change, line in line.object { $0.change(change) } }
        case .read(let space, let query, let token):
            about("read", token)
            self.space(space)
            self.query(query)
        case .verify(let checks, let token):
            about("verify", token)
            list("checks", checks) { check, line in
                line.object {
                    $0.field("identity", check.identity)
                    $0.field("signature", check.signature)
                    $0.hex("bytes", check.bytes)
                }
            }
        case .resolve(let name, let token):
            about("resolve", token)
            field("name", name)
        case .answer(let request, let result):
            word("out", "answer")
            field("request", request.number)
            switch result {
            case .accepted(let id): hex("accepted", id.bytes)
            case .refused(let refusal):
                field("refused", refusal.code.rawValue)
                field("text", refusal.message)
            }
        case .observe(let event):
            word("out", "observe")
            object("event") { $0.event(event) }
        }
    }

    private mutating func about(_ kind: StaticString, _ link: LinkID) {
        word("out", kind)
        field("link", link)
    }

    private mutating func about(_ kind: StaticString, _ token: Token) {
        word("out", kind)
        field("token", token)
    }

    private mutating func socketOptions(_ options: SocketOptions) {
        if let keepalive = options.keepalive {
            object("keepalive") {
                $0.field("idle_ns", keepalive.idle)
                $0.field("interval_ns", keepalive.interval)
                if let probes = keepalive.probes { $0.field("probes", probes) }
            }
        }
        if let timeout = options.userTimeout { field("user_timeout_ns", timeout) }
        if let deadline = options.writeDeadline { field("write_deadline_ns", deadline) }
        if let silence = options.hostSilence { field("host_silence_ns", silence) }
    }

    private mutating func space(_ space: StoreSpace) {
        field("space", space.name.description)
        field("format", space.format)
    }

    private mutating func change(_ change: StoreBatch.Change) {
        switch change {
        case .put(let key, let value):
            hex("put", key.bytes)
            hex("value", value)
        case .delete(let key): hex("delete", key.bytes)
        case .deleteRange(let range): object("delete_range") { $0.range(range) }
        }
    }

    private mutating func range(_ range: StoreRange) {
        hex("from", range.from.bytes)
        if let end = range.to { hex("to", end.bytes) }
    }

    private mutating func query(_ query: StoreQuery) {
        switch query {
        case .get(let key): hex("get", key.bytes)
        case .range(let range, let rows, let bytes, let isReversed):
            object("range") { $0.range(range) }
            field("rows", rows)
            field("bytes", bytes)
            field("reversed", isReversed)
        }
    }
}
