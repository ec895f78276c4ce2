import Kernel
import Wire

/// An input or effect as three numbers for the digest: its kind, what it is about, and what it says.
struct TraceCode {
    let kind: UInt64
    let first: UInt64
    let second: UInt64

    private init(_ kind: UInt64, _ first: UInt64 = 0, _ second: UInt64 = 0) {
        self.kind = kind
        self.first = first
        self.second = second
    }

    init(_ input: Input) {
        switch input {
        case .start: self.init(1)
        case .opened(let link, _): self.init(2, link.number)
        case .openFailed(let link, let reason): self.init(3, link.number, Self.code(reason))
        case .accepted(let link, _): self.init(4, link.number)
        case .received(let link, let message): self.init(5, link.number, Self.code(message))
        case .ended(let link, let end): self.init(6, link.number, Self.code(end.reason))
        case .persisted(let token): self.init(7, token.number)
        case .storeFailed(let token, _): self.init(8, token.number)
        case .rows(let token, let rows): self.init(9, token.number, UInt64(rows.count))
        case .verified(let token, let mask): self.init(10, token.number, mask)
        case .wake: self.init(11)
        case .shutdown: self.init(12)
        case .resolved(let token, let resolution): self.init(15, token.number, Self.code(resolution))
        case .progress(let link): self.init(14, link.number)
        case .workAhead(let limit): self.init(13, UInt64(bitPattern: limit.nanoseconds))
        }
    }

    init(_ effect: Effect) {
        switch effect {
        case .open(let link, let endpoint, _, _): self.init(1, link.number, UInt64(endpoint.port))
        case .send(let link, let message): self.init(2, link.number, Self.code(message))
        case .shutdownWrite(let link): self.init(3, link.number)
        case .stopReading(let link): self.init(4, link.number)
        case .close(let link, let reason): self.init(5, link.number, Self.code(reason))
        case .socketOptions(let link, let options): self.init(6, link.number, Self.code(options))
        case .persist(let batch, let token): self.init(7, token.number, UInt64(batch.puts.count))
        case .read(_, let token): self.init(8, token.number)
        case .verify(let checks, let token): self.init(9, token.number, UInt64(checks.count))
        case .resolve(let name, let token):
            self.init(11, token.number, name.utf8.reduce(0) { $0 &* 31 ^ UInt64($1) })
        case .observe(let event): self.init(10, Self.code(event))
        }
    }

    private static func code(_ message: Message) -> UInt64 {
        switch message {
        case .hello(let hello): 1 << 56 ^ hello.nonce
        case .helloAck(let ack): 2 << 56 ^ ack.nonce ^ (ack.refusal.map(code) ?? 0)
        case .proof(let proof): 3 << 56 ^ proof.signature.upper.prefix64
        case .ready: 4 << 56
        case .goodbye(let reason): 5 << 56 ^ code(reason)
        case .dialability(let word): 19 << 56 ^ UInt64(word.endpoint.port) ^ (word.reason.map(code) ?? 0) << 16
        case .ping(let nonce): 6 << 56 ^ nonce
        case .pong(let nonce): 7 << 56 ^ nonce
        case .tip(let height, let hash): 8 << 56 ^ height ^ hash.bytes.prefix64
        case .block(let block): 9 << 56 ^ block.signature.upper.prefix64
        case .getBlocks(let from, let limit): 10 << 56 ^ from << 16 ^ UInt64(limit)
        case .blocks(let blocks): blocks.reduce(11 << 56) { $0 &* 31 ^ $1.signature.upper.prefix64 }
        case .request(let id, let padding): 12 << 56 ^ id << 24 ^ UInt64(padding)
        case .reply(let id, let padding): 13 << 56 ^ id << 24 ^ UInt64(padding)
        case .getAddresses(let limit): 15 << 56 ^ UInt64(limit)
        case .addresses(let records): records.reduce(16 << 56) { $0 &* 31 ^ $1.signature.upper.prefix64 ^ $1.sequence }
        case .busy(let milliseconds): 17 << 56 ^ UInt64(milliseconds)
        case .swim(let swim): code(swim)
        case .custom(let custom): custom.body.reduce(14 << 56 ^ UInt64(custom.kind)) { $0 &* 31 ^ UInt64($1) }
        }
    }

    private static func code(_ resolution: Resolution) -> UInt64 {
        switch resolution {
        case .addresses(let addresses): addresses.flatMap(\.bytes).reduce(1) { $0 &* 31 ^ UInt64($1) }
        case .failed(let failure): UInt64(Resolution.Failure.allCases.firstIndex(of: failure) ?? 0) << 1
        }
    }

    private static func code(_ swim: SwimMessage) -> UInt64 {
        let head = 18 << 56 ^ UInt64(swim.kind.rawValue) << 48 ^ swim.sequence ^ (swim.subject?.key.prefix64 ?? 0) >> 8
        return swim.claims.reduce(head) {
            $0 &* 31 ^ $1.subject.key.prefix64 ^ $1.source.key.prefix64 << 1 ^ $1.incarnation << 2
                ^ UInt64($1.status.rawValue)
        }
    }

    private static func code(_ event: Event) -> UInt64 {
        switch event {
        case .dialStarted(let link, _, _): 1 << 56 ^ link.number
        case .dialFailed(let link, _, let reason): 2 << 56 ^ link.number << 8 ^ code(reason)
        case .dialLeftToPeer: 3 << 56
        case .handshakeBegun(let link): 4 << 56 ^ link.number
        case .linkUp(let link, let peer, _, _): 5 << 56 ^ link.number ^ peer.key.prefix64 >> 8
        case .linkEnded(let link, _, _, let reason, _, _, _): 6 << 56 ^ link.number << 8 ^ code(reason)
        case .refused(let link, _, _, let reason): 7 << 56 ^ link.number << 8 ^ code(reason)
        case .takeover(let old, let new, _): 8 << 56 ^ old.number << 24 ^ new.number
        case .peerCheck(let connected, let masternodes, _): 9 << 56 ^ UInt64(connected) << 16 ^ UInt64(masternodes)
        case .requestSent(let id): 10 << 56 ^ id
        case .requestAnswered(let id, _): 11 << 56 ^ id
        case .blockProduced(let height, let hash, _): 12 << 56 ^ height ^ hash.bytes.prefix64 >> 8
        case .blockAccepted(let height, let hash, _): 13 << 56 ^ height ^ hash.bytes.prefix64 >> 8
        case .ownSlotSkipped(let slot, _): 14 << 56 ^ slot
        case .reorganised(let depth, let height, _): 15 << 56 ^ depth << 32 ^ height
        case .blockRejected: 16 << 56
        case .messageDropped(let link, let channel, _): 17 << 56 ^ (link?.number ?? 0) << 8 ^ UInt64(channel.rawValue)
        case .note: 18 << 56
        case .probed(let peer, let found): 20 << 56 ^ peer.key.prefix64 >> 8 ^ (found.reason.map(code) ?? 0)
        case .dialability(let word, _): 21 << 56 ^ (word.reason.map(code) ?? 0)
        case .addressRefused(let link, let identity, _): 19 << 56 ^ link.number << 8 ^ identity.key.prefix64 >> 8
        }
    }

    private static func code(_ options: SocketOptions) -> UInt64 {
        var code = UInt64(bitPattern: options.userTimeout?.nanoseconds ?? -1)
        if let keepalive = options.keepalive {
            code = code &* 31 ^ UInt64(bitPattern: keepalive.idle.nanoseconds)
            code = code &* 31 ^ UInt64(bitPattern: keepalive.interval.nanoseconds)
            code = code &* 31 ^ UInt64(keepalive.probes ?? 0)
        }
        if let deadline = options.writeDeadline { code = code &* 31 ^ UInt64(bitPattern: deadline.nanoseconds) }
        if let silence = options.hostSilence { code = code &* 31 ^ UInt64(bitPattern: ~silence.nanoseconds) }
        return code
    }

    /// The place of the word among the words; only ever compared with itself.
    private static func code(_ reason: Reason) -> UInt64 {
        reason.rawValue.utf8.reduce(0xcbf2_9ce4) { ($0 ^ UInt64($1)) &* 0x0100_0193 & 0xff_ffff }
    }
}
