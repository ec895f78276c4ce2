import Kernel
import Wire

extension LineWriter {
    /// A whole line that says what a node is between two inputs.
    package mutating func checkpoint(_ checkpoint: NodeCheckpoint, time: Int64, node: String) {
        object {
            $0.seconds("t", nanoseconds: time)
            $0.field("node", node)
            $0.object("checkpoint") { $0.content(of: checkpoint) }
        }
    }

    private mutating func content(of checkpoint: NodeCheckpoint) {
        bits("incarnation", checkpoint.incarnation)
        field("started_ms", checkpoint.startedAt.milliseconds)
        field("started_ns", checkpoint.startInstant)
        if let origin = checkpoint.clockOrigin { field("clock_origin_ms", origin) }
        if checkpoint.isClockWrong { field("clock_wrong", true) }
        list("links", checkpoint.links) { link, line in line.object { $0.link(link) } }
        field("next_link", checkpoint.nextLink)
        list("timers", checkpoint.timers) { timer, line in
            line.object {
                $0.field("module", timer.module)
                $0.field("kind", timer.code.kind)
                $0.field("subject", timer.code.subject)
                $0.field("deadline_ns", timer.deadline)
                $0.field("sequence", timer.sequence)
            }
        }
        field("timers_set", checkpoint.timersSet)
        list("streams", checkpoint.streams) { stream, line in
            line.object { $0.list("words", stream.words) { word, line in line.bits(word) } }
        }
        list("owners", checkpoint.owners) { owner, line in
            line.object {
                $0.field("token", owner.token)
                $0.field("module", owner.module)
            }
        }
        object("writes") { $0.writes(checkpoint.writes) }
        field("next_token", checkpoint.nextToken)
        list("modules", checkpoint.modules) { snapshot, line in
            line.object {
                $0.field("module", snapshot.module)
                $0.field("version", snapshot.version)
                $0.json("state", snapshot.bytes)
            }
        }
    }

    private mutating func writes(_ writes: NodeCheckpoint.Writes) {
        field("issued", writes.issued)
        list("pending", writes.pending) { write, line in
            line.object {
                $0.field("token", write.token)
                if let module = write.module { $0.field("module", module) }
                $0.list("messages", write.messages) { waiting, line in
                    line.object {
                        switch waiting.destination {
                        case .link(let link): $0.field("link", link)
                        case .peer(let peer): $0.field("peer", peer)
                        }
                        $0.message(waiting.message)
                    }
                }
            }
        }
        list("failed", writes.failed) { range, line in
            line.object {
                $0.field("first", range.lowerBound)
                $0.field("last", range.upperBound)
            }
        }
    }

    private mutating func link(_ link: Link) {
        field("link", link.id)
        field("direction", link.direction)
        field("remote", link.remote)
        if let expected = link.expected { field("expected", expected) }
        field("opened_at_ns", link.openedAt)
        if let peer = link.peer { field("peer", peer) }
        if let identity = link.transportIdentity { field("transport_identity", identity) }
        field("phase", link.phase.name)
        if let upAt = link.upAt { field("up_at_ns", upAt) }
        field("reading_stopped", link.isReadingStopped)
        field("write_shut", link.isWriteShut)
        if link.isProbe { field("probe", true) }
        if let clock = link.peerClock {
            field("peer_clock_origin_ms", clock.origin.milliseconds)
            field("peer_clock_uncertainty_ns", clock.uncertainty)
        }
    }
}

extension FieldReader {
    func checkpoint() throws(TraceError) -> NodeCheckpoint {
        NodeCheckpoint(
            incarnation: try bits("incarnation"),
            startedAt: WallTime(milliseconds: try number("started_ms", in: TraceBounds.clockOrigin)),
            startInstant: try instant("started_ns"),
            clockOrigin: try optional("clock_origin_ms") { name throws(TraceError) in try number(name) },
            isClockWrong: try optional("clock_wrong") { name throws(TraceError) in try flag(name) } ?? false,
            links: try list("links") { item throws(TraceError) in try item.checkpointLink() },
            nextLink: try number("next_link", in: TraceBounds.count),
            timers: try list("timers") { item throws(TraceError) in
                NodeCheckpoint.Timer(
                    module: try item.number("module"),
                    code: TimerCode(kind: try item.number("kind"), subject: try item.number("subject")),
                    // A timer may be set to the end of time.
                    deadline: Instant(nanoseconds: try item.number("deadline_ns", in: 0 ... .max)),
                    sequence: try item.number("sequence", in: TraceBounds.count)
                )
            },
            timersSet: try number("timers_set", in: TraceBounds.count),
            streams: try list("streams") { item throws(TraceError) in
                guard let stream = RandomStream(words: try item.bitsList("words")) else {
                    throw item.bad("words", "four words that are not all 0")
                }
                return stream
            },
            owners: try list("owners") { item throws(TraceError) in
                NodeCheckpoint.Owner(token: try item.token("token"), module: try item.number("module"))
            },
            writes: try object("writes").writes(),
            nextToken: try number("next_token", in: TraceBounds.count),
            modules: try list("modules") { item throws(TraceError) in
                guard let state = item.tree["state"] else { throw item.bad("state", "what the module remembers") }
                return ModuleSnapshot(
                    module: try item.text("module"), version: try item.number("version"), bytes: state.bytes
                )
            }
        )
    }

    private func writes() throws(TraceError) -> NodeCheckpoint.Writes {
        NodeCheckpoint.Writes(
            issued: try number("issued"),
            pending: try list("pending") { item throws(TraceError) in
                PendingWrite(
                    token: try item.writeToken("token"),
                    module: try item.optional("module") { name throws(TraceError) in try item.number(name) },
                    messages: try item.list("messages") { item throws(TraceError) in
                        WaitingMessage(
                            try item.object("message").message(),
                            to: item.has("peer") ? .peer(try item.identity("peer")) : .link(try item.link("link"))
                        )
                    }
                )
            },
            failed: try list("failed") { item throws(TraceError) in
                let (first, last): (UInt64, UInt64) = (try item.number("first"), try item.number("last"))
                guard first <= last else { throw item.bad("last", "at least 'first'") }
                return first...last
            }
        )
    }

    private func checkpointLink() throws(TraceError) -> Link {
        let name = try text("phase")
        guard let phase = LinkPhase.allNames.first(where: { $0.name == name })?.phase else {
            throw TraceError(.unknownKind, line: line, "no phase of a link is called '\(name)'")
        }
        return Link(
            id: try link("link"), direction: try word("direction"), remote: try endpoint("remote"),
            expected: try optional("expected") { name throws(TraceError) in try identity(name) },
            openedAt: try instant("opened_at_ns"),
            isProbe: try optional("probe") { name throws(TraceError) in try flag(name) } ?? false,
            peer: try optional("peer") { name throws(TraceError) in try identity(name) },
            transportIdentity: try optional("transport_identity") { name throws(TraceError) in try identity(name) },
            phase: phase, upAt: try optional("up_at_ns") { name throws(TraceError) in try instant(name) },
            isReadingStopped: try flag("reading_stopped"), isWriteShut: try flag("write_shut"),
            peerClock: try peerClock()
        )
    }
}

extension FieldReader {
    fileprivate func peerClock() throws(TraceError) -> PeerClock? {
        guard has("peer_clock_origin_ms") else { return nil }
        return PeerClock(
            origin: WallTime(milliseconds: try number("peer_clock_origin_ms", in: TraceBounds.clockOrigin)),
            uncertainty: try duration("peer_clock_uncertainty_ns", in: TraceBounds.wait)
        )
    }
}

extension LinkPhase {
    fileprivate static let allNames = [LinkPhase.connecting, .handshaking, .up, .halfClosed].map {
        (phase: $0, name: $0.name)
    }

    fileprivate var name: String {
        switch self {
        case .connecting: "connecting"
        case .handshaking: "handshaking"
        case .up: "up"
        case .halfClosed: "half-closed"
        }
    }
}
