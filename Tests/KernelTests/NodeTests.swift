import Testing
import Wire

@testable import Kernel

struct NodeTests {
    private let ping = Message.ping(nonce: 1)
    private let tip = Message.module(RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: []))

    @Test("policies start and end in the order links, liveness, consensus, discovery, workloads")
    func order() {
        let rig = ScriptedNode()
        let roles = ["links", "liveness", "consensus", "discovery", "application"]
        rig.feed(.start)
        #expect(rig.takeLines() == roles.map { "\($0) start" })
        rig.feed(.shutdown)
        #expect(rig.takeLines() == roles.map { "\($0) shutdown" })
    }

    @Test("what a policy asks of others is done after its callback, in the order of asking")
    func deferred() {
        let rig = ScriptedNode {
            $0.onMessage = { _, link, context in
                context.send(.pong(nonce: 1), to: ScriptedNode.identity(link.number))
                context.declareDead(link, .silent)
                context.send(.pong(nonce: 2), to: ScriptedNode.identity(link.number))
                context.send(.pong(nonce: 3), over: link)
                context.want([], .periodic)
            }
        }
        let link = rig.accept(1)
        _ = rig.takeLines()
        rig.feed(.received(link, tip))
        #expect(rig.sent == [.pong(nonce: 3), .pong(nonce: 1)])
        #expect(rig.events.contains(.messageDropped(link, .liveness, .notUp)))
        #expect(
            rig.takeLines() == [
                "liveness heard #1", "consensus received", "dead silent", "wanted 0 periodic",
                "liveness down #1 silent", "consensus down #1 silent", "discovery down #1 silent",
                "application down #1 silent",
            ]
        )
    }

    @Test("a message to a peer without a route is dropped, and said so")
    func noRoute() {
        let rig = ScriptedNode { $0.onStart = { $0.send(.pong(nonce: 1), to: ScriptedNode.identity(7)) } }
        rig.feed(.start)
        #expect(rig.sent.isEmpty)
        #expect(rig.events.contains(.messageDropped(LinkID(number: 7), .liveness, .notUp)))
    }

    @Test("a message before the link is up ends it through the links policy, and reaches nobody")
    func early() {
        let rig = ScriptedNode()
        let link = rig.accept(nil)
        rig.feed(.received(link, ping))
        #expect(rig.takeLines() == ["dead unexpected-message"])
        #expect(rig.events.first == .messageDropped(link, .liveness, .notUp))
        #expect(rig.node.table.entries.isEmpty)
    }

    @Test("a retired link is over for every policy, and its transport stays open until it fails")
    func retire() {
        let rig = ScriptedNode()
        let link = rig.accept(1)
        _ = rig.takeLines()
        rig.feed(.received(link, .goodbye(.shutdown)))
        #expect(rig.effects.contains { if case .stopReading(link) = $0 { true } else { false } })
        #expect(!rig.effects.contains { if case .close = $0 { true } else { false } })
        #expect(rig.takeLines().contains("liveness down #1 shutdown"))
        // Read already when reading was stopped.
        rig.feed(.received(link, tip))
        rig.feed(.received(link, .ready))
        #expect(rig.takeLines().isEmpty)
        #expect(rig.effects.isEmpty)
        rig.feed(.ended(link, .failed(.reset)))
        #expect(rig.effects.contains { if case .close(link, _) = $0 { true } else { false } })
        #expect(!rig.events.contains { if case .linkEnded = $0 { true } else { false } })
    }

    @Test("a transport that failed is closed, whatever the policy does; an end of stream is the policy's business")
    func failedTransport() {
        let rig = ScriptedNode()
        let link = rig.accept(1)
        rig.feed(.ended(link, .endOfStream))
        #expect(rig.node.phase(of: link) == .up)
        rig.feed(.ended(link, .failed(.timedOut)))
        #expect(rig.node.phase(of: link) == nil)
        #expect(
            rig.events == [
                .linkEnded(
                    link, ScriptedNode.identity(1), ScriptedNode.endpoint(9), .timedOut, .transport, wasUp: true,
                    direction: .accepted
                )
            ]
        )
        rig.feed(.ended(link, .failed(.reset)))
        #expect(rig.effects.isEmpty)
    }

    @Test("timers fire in order, and what one asks of others is done before the next")
    func timers() {
        let rig = ScriptedNode {
            $0.onStart = {
                $0.schedule(ScriptedModule.Timer.at(1), after: .seconds(2))
                $0.schedule(ScriptedModule.Timer.at(2), after: .seconds(1))
                $0.schedule(ScriptedModule.Timer.at(3), after: .seconds(3))
                $0.cancel(ScriptedModule.Timer.at(3))
            }
            $0.onTimer = { _, context in context.want([], .periodic) }
        }
        rig.feed(.start)
        #expect(rig.node.nextDeadline == .zero + .seconds(1))
        _ = rig.takeLines()
        rig.now = .zero + .seconds(5)
        rig.feed(.wake)
        #expect(
            rig.takeLines() == ["consensus fired 2", "wanted 0 periodic", "consensus fired 1", "wanted 0 periodic"]
        )
        #expect(rig.node.nextDeadline == nil)
    }

    @Test("a shutdown says goodbye on every link that has a transport, and closes it")
    func shutdown() {
        let rig = ScriptedNode()
        let up = rig.accept(1)
        let handshaking = rig.accept(nil)
        rig.feed(.shutdown)
        let words = rig.effects.compactMap { effect -> String? in
            switch effect {
            case .send(let link, .goodbye(let reason)): "goodbye \(link) \(reason.rawValue)"
            case .close(let link, let reason): "close \(link) \(reason.rawValue)"
            default: nil
            }
        }
        #expect(
            words == [
                "goodbye \(up) shutdown", "close \(up) shutdown",
                "goodbye \(handshaking) shutdown", "close \(handshaking) shutdown",
            ]
        )
    }

    @Test("another module beside it moves no draw of a module")
    func streams() {
        let draws = { (ids: [String]) -> [UInt64] in
            let log = Log()
            var seen: [UInt64] = []
            var modules = PolicySet(
                links: ScriptedLinks(log: log), liveness: ScriptedModule(name: "liveness", log: log),
                consensus: ScriptedModule(name: "consensus", log: log),
                discovery: ids.map { id in
                    var module = ScriptedModule(name: id, log: log)
                    module.onStart = { context in
                        let draw = context.randomBits()
                        if id == "watched" { seen.append(draw) }
                    }
                    return module
                }
            )
            modules.discoveryIDs = ids
            Node(ScriptedNode.configuration(seed: 5, modules)).handle(
                .start, at: .zero, wall: WallTime(milliseconds: 0))
            return seen
        }
        #expect(draws(["watched"]) == draws(["other", "watched", "third"]))
        #expect(draws(["watched"]).count == 1)
    }
}
