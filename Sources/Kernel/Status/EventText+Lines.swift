import Profile
import Wire

extension EventText {
    func dialLines(for event: Event) -> [Line] {
        switch event {
        case .dialStarted(let link, let endpoint, let identity):
            return [line(.debug, "Connecting to peer: \(place(identity, endpoint))", fields(link, identity, endpoint))]
        case .dialFailed(let link, let endpoint, let reason):
            return [
                line(
                    .info, "Failed to connect to peer: \(place(nil, endpoint)) (\(word(reason)))",
                    fields(link, nil, endpoint, [Field(key: "reason", value: reason.rawValue)])
                )
            ]
        case .dialLeftToPeer(let endpoint, let own):
            let why = rule.explanation(own: own, peer: endpoint)
            return [line(.info, "Skipping outbound to \(place(nil, endpoint)) (\(why))", fields(nil, nil, endpoint))]
        case .wanted(let wishes, let module, _):
            let names = wishes.prefix(10).map { wish in wish.identity.map(name) ?? wish.endpoint.description }
            let list = names.joined(separator: ", ") + (wishes.count > 10 ? ", …" : "")
            let what =
                wishes.isEmpty ? "no peer" : wishes.count == 1 ? "1 peer: \(list)" : "\(wishes.count) peers: \(list)"
            let metadata = [
                Field(key: "module", value: module), Field(key: "wishes", value: String(wishes.count)),
            ]
            return [line(.debug, "\(module) wants \(what)", metadata)]
        case .handshakeBegun(let link):
            return [line(.debug, "Handshake begun", fields(link, nil, nil))]
        case .peerCheck(let connected, let masternodes, let slots):
            let text = "Peer check: \(connected) connected, \(masternodes) active masternodes, \(slots) total slots"
            return [
                line(
                    .info, text,
                    [
                        Field(key: "connected", value: String(connected)),
                        Field(key: "masternodes", value: String(masternodes)),
                        Field(key: "slots", value: String(slots)),
                    ]
                )
            ]
        default: return []
        }
    }

    func linkLines(for event: Event) -> [Line] {
        switch event {
        case .linkUp(let link, let identity, let remote, let direction):
            let metadata = fields(link, identity, remote, [Field(key: "direction", value: direction.rawValue)])
            return [
                line(.info, "Connected to peer: \(place(identity, remote))", metadata),
                line(.info, "Handshake completed with \(name(identity))", metadata),
            ]
        case .linkEnded(let link, let identity, let remote, let reason, let ender, let wasUp, let direction):
            let metadata = fields(
                link, identity, remote,
                [
                    Field(key: "reason", value: reason.rawValue), Field(key: "ended_by", value: ender.rawValue),
                    Field(key: "direction", value: direction.rawValue),
                ]
            )
            let peer = place(identity, remote)
            let isMember = isMember(identity, remote)
            let remedy = remedy(for: reason, by: ender, isMember: isMember)
            let level = level(of: reason, by: ender, isMember: isMember)
            let why = word(reason, of: ender)
            if wasUp { return [line(level, "Peer \(peer) disconnected (\(why))\(remedy)", metadata)] }
            // Our own refusal of a caller has a line already.
            let isTold = direction == .accepted && ender == .us
            return [line(isTold ? .debug : level, "Handshake with \(peer) failed (\(why))\(remedy)", metadata)]
        case .refused(let link, let identity, let remote, let reason):
            let metadata = fields(link, identity, remote, [Field(key: "reason", value: reason.rawValue)])
            let isMember = isMember(identity, remote)
            let remedy = remedy(for: reason, by: .us, isMember: isMember)
            return [
                line(
                    level(of: reason, by: .us, isMember: isMember),
                    "Refused peer \(place(identity, remote)) (\(word(reason)))\(remedy)", metadata
                )
            ]
        case .takeover(let old, let new, let identity):
            let metadata = fields(new, identity, nil, [Field(key: "replaces", value: String(old.number))])
            return [line(.info, "Link \(new) takes over from \(old) with \(name(identity))", metadata)]
        default: return []
        }
    }

    func chainLines(for event: Event) -> [Line] {
        switch event {
        case .blockProduced(let height, let hash, let slot):
            return [line(.info, "Block produced: height \(height), slot \(slot)", block(height, hash, slot))]
        case .blockAccepted(let height, let hash, let slot):
            return [line(.debug, "Block accepted: height \(height), slot \(slot)", block(height, hash, slot))]
        case .ownSlotSkipped(let slot, let cause):
            let metadata = [
                Field(key: "slot", value: String(slot)), Field(key: "reason", value: cause.rawValue),
            ]
            return [line(.warning, "Own slot \(slot) skipped (\(cause.rawValue))", metadata)]
        case .reorganised(let depth, let height, let hash):
            let metadata = block(height, hash, nil) + [Field(key: "depth", value: String(depth))]
            return [line(.warning, "Chain reorganised: \(depth) blocks given up, now at height \(height)", metadata)]
        case .blockRejected(let identity, let cause):
            let sender = identity.map { " of \(name($0))" } ?? ""
            let metadata = fields(nil, identity, nil, [Field(key: "reason", value: cause.rawValue)])
            return [line(.warning, "Block\(sender) rejected (\(cause.rawValue))", metadata)]
        case .equivocated(let identity, let slot):
            let metadata = fields(nil, identity, nil, [Field(key: "slot", value: String(slot))])
            return [line(.warning, "Masternode \(name(identity)) signed two blocks for slot \(slot)", metadata)]
        case .storeHalted(let failure):
            let text = "The store refuses the chain, and this node makes no blocks until it takes it: \(failure)"
            return [line(.warning, text, [Field(key: "reason", value: failure.code.rawValue)])]
        case .storeResumed: return [line(.info, "The store takes the chain again")]
        default: return []
        }
    }

    func otherLines(for event: Event) -> [Line] {
        switch event {
        case .addressRefused(let link, let identity, let cause):
            let metadata = fields(link, identity, nil, [Field(key: "reason", value: cause.rawValue)])
            return [line(.debug, "Address record of \(name(identity)) refused (\(cause.rawValue))", metadata)]
        case .requestSent(let id):
            return [line(.debug, "Request sent", [Field(key: "request", value: String(id))])]
        case .requestAnswered(let id, let after):
            let metadata = [
                Field(key: "request", value: String(id)), Field(key: "after", value: DurationText.format(after)),
            ]
            return [line(.debug, "Request answered", metadata)]
        case .messageDropped(let link, let channel, let cause):
            let metadata = fields(link, nil, nil, [Field(key: "reason", value: cause.rawValue)])
            return [line(.debug, "Message on channel \(channel) dropped (\(cause.rawValue))", metadata)]
        case .fieldsIgnored(let link, let channel):
            return [line(.debug, "Unknown fields of a message on channel \(channel) ignored", fields(link, nil, nil))]
        case .note(let level, let text): return [line(level, text)]
        default: return []
        }
    }

    private func block(_ height: UInt64, _ hash: BlockHash, _ slot: UInt64?) -> [Field] {
        var fields = [
            Field(key: "height", value: String(height)), Field(key: "hash", value: hash.bytes.hex),
        ]
        if let slot { fields.append(Field(key: "slot", value: String(slot))) }
        return fields
    }
}
