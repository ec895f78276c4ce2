import Application
import Kernel
import ModuleTesting
import Transport
import Wire

/// The acts of a transport's trial; each has nodes of its own.
struct TransportScript {
    let port: TransportPort
    let patience: Duration
    let tampering: PortJournal.Tampering

    private var isTLS: Bool { port.security == .tls }

    /// Two nodes reach each other, and each knows the key that the transport proves.
    func connect(_ findings: inout PortFindings) async throws {
        try await with(2, &findings) { nodes, findings in
            await nodes[0].dial(nodes[1].endpoint, expecting: nodes[1].identity)
            let dialled = await nodes[0].journal.first { if case .dialled(let link) = $0 { link } else { nil } }
            let accepted = await nodes[1].journal.first { if case .accepted(let link) = $0 { link } else { nil } }
            findings.expect(
                dialled != nil && accepted != nil, .connecting, "a dial to a node that listens does not open")
            guard let dialled, let accepted else { return }
            findings.expect(
                dialled.transportIdentity == (isTLS ? nodes[1].identity : nil), .connecting,
                "the dialler is told that \(Self.words(dialled.transportIdentity)) is there, by a \(port.security) transport"
            )
            findings.expect(
                accepted.transportIdentity == (isTLS ? nodes[0].identity : nil), .connecting,
                "the acceptor is told that \(Self.words(accepted.transportIdentity)) calls, by a \(port.security) transport"
            )
        }
    }

    /// Nobody listens; somebody else is there; somebody listens and never speaks; somebody speaks nonsense.
    func refuse(_ findings: inout PortFindings) async throws {
        let gone = try await node(port)
        await gone.host.shutdown()
        var hasty = port
        hasty.connectTimeout = min(port.connectTimeout, .seconds(1))
        try await with(2, on: hasty, &findings) { nodes, findings in
            let refusal = await failure(of: gone.endpoint, by: nodes[0], expecting: nil)
            findings.expect(
                refusal == .connectionRefused, .connecting,
                "a dial to a port where nobody listens ends with \(refusal.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
            guard isTLS else { return }
            let other = await failure(of: nodes[1].endpoint, by: nodes[0], expecting: Identity(key: .zero))
            findings.expect(
                other == .wrongIdentity, .connecting,
                "a dial that finds another key ends with \(other.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
            let silence = await RawSocket.listening { endpoint -> Reason? in
                guard let endpoint else { return nil }
                return await failure(of: endpoint, by: nodes[0], expecting: nil)
            }
            findings.expect(
                silence == .connectTimeout, .connecting,
                "a dial to somebody who never answers ends with \(silence.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
        }
        try await nonsense(&findings)
    }

    private func nonsense(_ findings: inout PortFindings) async throws {
        try await with(1, &findings) { nodes, findings in
            let answer = await RawSocket.exchange(
                Array("GET / HTTP/1.1\r\n\r\n".utf8), with: nodes[0].endpoint, within: patience
            )
            findings.expect(answer != nil, .reasons, "somebody who speaks HTTP keeps a connection")
            let reason = await nodes[0].journal.first { entry -> Reason? in
                switch entry {
                case .ended(_, .failed(let reason)), .event(.refused(_, _, _, let reason)): reason
                default: nil
                }
            }
            let expected: Reason = isTLS ? .tlsFailed : .badFrame
            findings.expect(
                reason == expected, .reasons,
                "a connection that speaks HTTP ends with \(reason.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
            guard !isTLS else { return }
            // A frame that claims four gigabytes.
            _ = await RawSocket.exchange([255, 255, 255, 255, 0], with: nodes[0].endpoint, within: patience)
            let ends = await nodes[0].journal.collect(2) { entry -> Reason? in
                if case .ended(_, .failed(let reason)) = entry { reason } else { nil }
            }
            findings.expect(
                ends.last == .frameTooLarge, .reasons,
                "a frame over the limit ends its link with \(ends.last.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
        }
    }

    /// Messages of many sizes, both ways at once; one is over its channel's limit.
    func deliver(_ findings: inout PortFindings) async throws {
        try await withLink(&findings) { nodes, ends, findings in
            let sent = [messages(from: 0), messages(from: 1000)]
            let tooLong = Message(TrafficMessage.request(id: 9, padding: 2_000_000))
            async let first: Void = nodes[0].send([tooLong] + sent[0], over: ends[0])
            async let second: Void = nodes[1].send(sent[1], over: ends[1])
            _ = await (first, second)
            for node in 0..<2 {
                let expected = sent[1 - node]
                let got = await nodes[node].received(over: ends[node], expected.count)
                let place = zip(got, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                findings.expect(
                    got == expected, .delivery,
                    place.map { "message \($0) of \(expected.count) arrived as another one" }
                        ?? "\(got.count) of \(expected.count) messages arrived"
                )
            }
        }
    }

    /// Of sizes that a queue has room for all at once: whatever is lost is not lost for want of room.
    private func messages(from first: UInt64) -> [Message] {
        let step = UInt32(min(port.sendQueueBytes / 100_000, 2_000))
        return (0..<300).map { (number: UInt32) -> Message in
            Message(TrafficMessage.request(id: first + UInt64(number), padding: number * step))
        }
    }

    /// One end says that it sends no more, and hears the other end's answer all the same.
    func closeHalf(_ findings: inout PortFindings) async throws {
        try await withLink(&findings) { nodes, ends, findings in
            let (own, far) = (ends[0], ends[1])
            await nodes[0].act {
                $0.send(TrafficMessage.request(id: 76, padding: 10), over: own)
                $0.shutdownWrite(own)
            }
            let end = await nodes[1].ended(far)
            findings.expect(
                end == .endOfStream, .halfClose, "the other end's end of stream is told as \(Self.words(end))"
            )
            let reply = Message(TrafficMessage.reply(id: 77, padding: 20))
            await nodes[1].send([reply], over: far)
            let answer = await nodes[0].received(over: own, 1)
            findings.expect(
                answer == [reply], .halfClose, "an end that sends no more hears no answer either"
            )
        }
    }

    /// The last word comes before the end, although the other end was sending; a reset is called so.
    func part(_ findings: inout PortFindings) async throws {
        try await withLink(&findings) { nodes, ends, findings in
            let own = ends[0]
            await nodes[1].send(
                (0..<30).map { Message(TrafficMessage.request(id: $0, padding: 100_000)) }, over: ends[1])
            await nodes[0].act {
                $0.send(.goodbye(.duplicate), over: own)
                $0.close(own, .duplicate)
            }
            let end = await nodes[1].ended(ends[1])
            findings.expect(end == .endOfStream, .reasons, "the end of a closed link is told as \(Self.words(end))")
            let words = await nodes[1].received(over: ends[1], 1)
            findings.expect(
                words == [.goodbye(.duplicate)], .reasons, "the last word before the end of a link does not arrive"
            )
        }
        guard !isTLS else { return }
        try await with(1, &findings) { nodes, findings in
            let caller = RawSocket.Idle()
            _ = await caller.connect(to: nodes[0].endpoint)
            _ = await nodes[0].journal.first { if case .accepted = $0 { true } else { nil } }
            caller.reset()
            let reason = await nodes[0].journal.first { entry -> Reason? in
                if case .ended(_, .failed(let reason)) = entry { reason } else { nil }
            }
            findings.expect(
                reason == .reset, .reasons, "a reset is told as \(reason.map { "'\($0.rawValue)'" } ?? "nothing")"
            )
        }
    }

    /// A peer that reads nothing: declared load is dropped, and says so; whatever must not be lost ends the link.
    func overrun(_ findings: inout PortFindings) async throws {
        try await withLink(&findings) { nodes, ends, findings in
            let (own, far) = (ends[0], ends[1])
            await nodes[1].act { $0.stopReading(far) }
            // More than any host's buffers hold.
            let count = (port.sendQueueBytes + 64 << 20) / 100_000
            for id in 0..<count {
                await nodes[0].send([Message(TrafficMessage.request(id: UInt64(id), padding: 100_000))], over: own)
            }
            let drop = await nodes[0].journal.first { entry -> Bool? in
                if case .event(.messageDropped(let link, .application, .queueFull)) = entry { link == own } else { nil }
            }
            findings.expect(
                drop != nil, .backPressure, "\(count) messages of 100 kB wait for a peer that reads nothing"
            )
            let block = Message.module(
                RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: [UInt8](repeating: 1, count: 1_000_000))
            )
            for _ in 0..<4 + port.sendQueueBytes / 1_000_000 { await nodes[0].send([block], over: own) }
            let end = await nodes[0].ended(own)
            findings.expect(
                end == .failed(.queueFull), .backPressure,
                "a full queue of messages that must not be lost ends its link with \(Self.words(end))"
            )
        }
    }

    // MARK: -

    private func node(_ port: TransportPort) async throws -> PortNode {
        try await PortNode.start(port, journal: PortJournal(patience: patience, tampering: tampering))
    }

    private func failure(of endpoint: Endpoint, by node: PortNode, expecting identity: Identity?) async -> Reason? {
        let before = node.journal.entries.count { if case .dialFailed = $0 { true } else { false } }
        await node.dial(endpoint, expecting: identity)
        let reasons = await node.journal.collect(before + 1) { entry -> Reason? in
            if case .dialFailed(_, let reason) = entry { reason } else { nil }
        }
        return reasons.count > before ? reasons.last : nil
    }

    private func with(
        _ count: Int, on other: TransportPort? = nil, _ findings: inout PortFindings,
        _ body: ([PortNode], inout PortFindings) async throws -> Void
    ) async throws {
        var nodes: [PortNode] = []
        do {
            for _ in 0..<count { nodes.append(try await node(other ?? port)) }
            try await body(nodes, &findings)
            for node in nodes { findings.note(node.journal.entries) }
        } catch {
            for node in nodes { await node.host.shutdown() }
            throw error
        }
        for node in nodes { await node.host.shutdown() }
    }

    /// Two nodes and the link between them, by each end's name for it.
    private func withLink(
        _ findings: inout PortFindings, _ body: ([PortNode], [LinkID], inout PortFindings) async throws -> Void
    ) async throws {
        try await with(2, &findings) { nodes, findings in
            await nodes[0].dial(nodes[1].endpoint)
            let dialled = await nodes[0].journal.first { if case .dialled(let link) = $0 { link.id } else { nil } }
            let accepted = await nodes[1].journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
            guard let dialled, let accepted else {
                findings.expect(false, .connecting, "a dial to a node that listens does not open")
                return
            }
            try await body(nodes, [dialled, accepted], &findings)
        }
    }

    private static func words(_ identity: Identity?) -> String { identity.map { "\($0)" } ?? "nobody in particular" }

    private static func words(_ end: StreamEnd?) -> String {
        switch end {
        case .endOfStream: "an end of stream"
        case .failed(let reason): "the failure '\(reason.rawValue)'"
        case nil: "nothing"
        }
    }
}
