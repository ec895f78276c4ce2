import Kernel
import Wire

// Every input, written so that it reads back as the same value.

extension FieldSink {
    mutating func input(_ input: Input) {
        switch input {
        case .start: word("in", "start")
        case .opened(let link, let identity):
            about("opened", link)
            if let identity { field("identity", identity) }
        case .openFailed(let link, let reason):
            about("open-failed", link)
            field("reason", reason)
        case .accepted(let link, let identity):
            about("accepted", link)
            if let identity { field("identity", identity) }
        case .received(let link, let message):
            about("received", link)
            self.message(message)
        case .progress(let link): about("progress", link)
        case .ended(let link, let end):
            about("ended", link)
            // An end of stream has no cause of its own.
            if case .failed(let reason) = end { field("failed", reason) }
        case .persisted(let token): about("persisted", token)
        case .storeFailed(let token, let text):
            about("store-failed", token)
            field("error", text)
        case .rows(let token, let rows):
            about("rows", token)
            list("rows", rows) { row, line in line.object { $0.row(row) } }
        case .verified(let token, let mask):
            about("verified", token)
            bits("mask", mask)
        case .resolved(let token, let resolution):
            about("resolved", token)
            switch resolution {
            case .addresses(let addresses):
                list("addresses", addresses) { address, line in line.object { $0.field("ip", address) } }
            case .failed(let failure): field("failed", failure.rawValue)
            }
        case .workAhead(let limit):
            word("in", "work-ahead")
            field("up_to_ns", limit)
        case .submitted(let request, let transaction):
            word("in", "submitted")
            field("request", request.number)
            hex("transaction", transaction)
        case .wake: word("in", "wake")
        case .shutdown: word("in", "shutdown")
        }
    }

    private mutating func about(_ kind: StaticString, _ link: LinkID) {
        word("in", kind)
        field("link", link)
    }

    private mutating func about(_ kind: StaticString, _ token: Token) {
        word("in", kind)
        field("token", token)
    }

    mutating func row(_ row: StoreBatch.Row) {
        key(row.key)
        hex("value", row.value)
    }

    mutating func key(_ key: StoreKey) {
        field("table", key.table)
        field("row", key.row)
    }

    mutating func signed(_ signed: SignedBytes) {
        field("of", signed.digest)
        field("signature", signed.signature)
    }
}

extension FieldReader {
    func input() throws(TraceError) -> Input {
        switch try text("in") {
        case "start": .start
        case "opened": .opened(try link("link"), identity: try provenIdentity())
        case "open-failed": .openFailed(try link("link"), try word("reason"))
        case "accepted": .accepted(try link("link"), identity: try provenIdentity())
        case "received": .received(try link("link"), try object("message").message())
        case "progress": .progress(try link("link"))
        case "ended": .ended(try link("link"), try streamEnd())
        case "persisted": .persisted(try token("token"))
        case "store-failed": .storeFailed(try token("token"), try text("error"))
        case "rows":
            .rows(try token("token"), try list("rows") { item throws(TraceError) in try item.row() })
        case "verified": .verified(try token("token"), mask: try bits("mask"))
        case "resolved": .resolved(try token("token"), try resolution())
        case "work-ahead": .workAhead(upTo: try duration("up_to_ns", in: TraceBounds.wait))
        case "submitted": .submitted(RequestID(number: try number("request")), try bytes("transaction"))
        case "wake": .wake
        case "shutdown": .shutdown
        case let kind: throw TraceError(.unknownKind, line: line, "no input is called '\(kind)'")
        }
    }

    private func provenIdentity() throws(TraceError) -> Identity? {
        try optional("identity") { name throws(TraceError) in try identity(name) }
    }

    private func streamEnd() throws(TraceError) -> StreamEnd {
        let failure: Reason? = try optional("failed") { name throws(TraceError) in try word(name) }
        return failure.map { .failed($0) } ?? .endOfStream
    }

    private func resolution() throws(TraceError) -> Resolution {
        let failure: Resolution.Failure? = try optional("failed") { name throws(TraceError) in try word(name) }
        if let failure { return .failed(failure) }
        let addresses = try list("addresses") { item throws(TraceError) in
            let text = try item.text("ip")
            guard let ip = IPAddress(text) else {
                throw TraceError(.badField, line: line, "'\(text)' is no address")
            }
            return ip
        }
        return .addresses(addresses)
    }

    private func row() throws(TraceError) -> StoreBatch.Row {
        StoreBatch.Row(
            key: StoreKey(table: try number("table"), row: try number("row")), value: try bytes("value")
        )
    }

    func signed() throws(TraceError) -> SignedBytes {
        SignedBytes(digest: try text("of"), signature: try signature("signature"))
    }
}
