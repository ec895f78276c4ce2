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
        case .persisted(let token):
            word("in", "persisted")
            field("token", token)
        case .persistFailed(let token, let failure):
            word("in", "persist-failed")
            field("token", token)
            self.failure(failure)
        case .rows(let token, let answer):
            about("rows", token)
            self.answer(answer)
        case .readFailed(let token, let failure):
            about("read-failed", token)
            self.failure(failure)
        case .verified(let token, let verification):
            about("verified", token)
            switch verification {
            case .checked(let verdicts):
                field("checks", verdicts.count)
                list("holds", verdicts.words) { word, line in line.bits(word) }
            case .failed(let cause): field("error", cause)
            }
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

    private mutating func answer(_ answer: StoreAnswer) {
        list("rows", answer.rows) { row, line in
            line.object {
                $0.hex("key", row.key.bytes)
                $0.hex("value", row.value)
            }
        }
        field("more", answer.hasMore)
    }

    mutating func failure(_ failure: StoreFailure) {
        field("code", failure.code)
        field("error", failure.message)
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
        case "persisted": .persisted(try writeToken("token"))
        case "persist-failed": .persistFailed(try writeToken("token"), try failure())
        case "rows":
            .rows(
                try token("token"),
                StoreAnswer(
                    try list("rows") { item throws(TraceError) in
                        StoreRow(key: StoreKey(try item.bytes("key")), value: try item.bytes("value"))
                    }, hasMore: try flag("more")
                )
            )
        case "read-failed": .readFailed(try token("token"), try failure())
        case "verified": .verified(try token("token"), try verification())
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

    func failure() throws(TraceError) -> StoreFailure {
        StoreFailure(code: try word("code"), message: try text("error"))
    }

    private func verification() throws(TraceError) -> Verification {
        if has("error") { return .failed(try text("error")) }
        guard let verdicts = SignatureVerdicts(words: try bitsList("holds"), count: try number("checks")) else {
            throw bad("holds", "one bit for each of the 'checks', 64 in a word")
        }
        return .checked(verdicts)
    }

    func signed() throws(TraceError) -> SignedBytes {
        SignedBytes(digest: try text("of"), signature: try signature("signature"))
    }
}
