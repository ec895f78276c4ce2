import Kernel
import Profile
import Testing
import Wire

@testable import Discovery

/// Node 0 with `dns-seeds` and `masternode-priority`, and a resolver that says what a test tells it.
private final class NameRig {
    private(set) var wanted: [RecordingLinks.State.Call] = []
    private(set) var asked: [String] = []
    private(set) var notes: [String] = []
    private(set) var now = Instant.zero
    private var open: [(token: Token, name: String)] = []
    private var node: Node?

    init(_ options: DNSSeedsOptions = .init(), masternodes: [String?] = [], bootstrap: [String] = []) throws {
        let members = try masternodes.enumerated().map { index, text in
            NetworkView.Masternode(
                name: "node \(index)", identity: Rig.identity(index), endpoint: nil,
                hostName: try text.map { try #require(HostName($0)) }
            )
        }
        let links = RecordingLinks { [unowned self] in wanted.append($0) }
        node = Node(
            NodeConfiguration(
                network: NetworkView(
                    name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
                    masternodes: members, bootstrapNames: try bootstrap.map { try #require(HostName($0)) }
                ),
                endpoint: Rig.endpoint(0), signer: NoSigner(identity: Rig.identity(0)), seed: 1,
                connectTimeout: .seconds(1),
                modules: PolicySet(
                    links: links, liveness: NoLiveness(), consensus: NoBlocks(),
                    discovery: [DNSSeeds(options: options), MasternodePriority(options: .init())]
                )
            )
        )
        feed(.start)
    }

    /// What `dns-seeds` itself wants.
    var ownWishes: [Wish]? { wanted.last { $0.source == 3 }?.wishes }
    var masternodeWishes: [Wish]? { wanted.last { $0.source == 4 }?.wishes }

    func answer(_ name: String, _ texts: String...) {
        answer(name, Resolution(addresses: texts.compactMap(IPAddress.init)))
    }

    func answer(_ name: String, _ resolution: Resolution) {
        guard let index = open.firstIndex(where: { $0.name == name }) else { return }
        feed(.resolved(open.remove(at: index).token, resolution))
    }

    /// The profile and the network file are read anew.
    func reload(_ options: DNSSeedsOptions, bootstrap: [String] = []) throws {
        guard let node else { return }
        var network = node.configuration.network
        network.bootstrapNames = try bootstrap.map { try #require(HostName($0)) }
        let modules = PolicySet(
            links: RecordingLinks { [unowned self] in wanted.append($0) }, liveness: NoLiveness(),
            consensus: NoBlocks(), discovery: [DNSSeeds(options: options), MasternodePriority(options: .init())]
        )
        try node.reload(modules, network: network, at: now, wall: WallTime(milliseconds: 0))
        take()
    }

    func link(_ peer: Int) -> LinkID {
        let id = node?.admit(from: Rig.endpoint(1000 + peer), at: now) ?? LinkID(number: 0)
        feed(.accepted(id, identity: Rig.identity(peer)))
        return id
    }

    /// Every dial under way to `text` comes up, with this peer.
    func connect(_ text: String, _ peer: Int) {
        for link in node?.table.entries ?? [] where link.remote == Endpoint(text) && link.phase == .connecting {
            feed(.opened(link.id, identity: Rig.identity(peer)))
        }
    }

    func end(_ link: LinkID) { feed(.ended(link, .endOfStream)) }

    var isAsking: Bool { !open.isEmpty }

    func advance(by duration: Duration) {
        let target = now + duration
        while let deadline = node?.nextDeadline, deadline <= target {
            now = max(now, deadline)
            feed(.wake)
        }
        now = target
    }

    private func feed(_ input: Input) {
        guard let node else { return }
        node.handle(input, at: now, wall: WallTime(milliseconds: 0))
        take()
    }

    private func take() {
        guard let node else { return }
        let effects = node.effects
        node.effects = []
        for effect in effects {
            switch effect {
            case .resolve(let name, let token):
                asked.append(name)
                open.append((token, name))
            case .observe(.note(_, let text)): notes.append(text)
            default: break
            }
        }
    }
}

@Suite("discovery dns-seeds") struct DNSSeedsTests {
    private func seeds(_ texts: String...) -> [HostName] { texts.compactMap { HostName($0) } }

    private func wish(_ text: String, _ identity: Identity? = nil) throws -> Wish {
        Wish(identity: identity, endpoint: try #require(Endpoint(text)), isMasternode: identity != nil)
    }

    @Test("what a masternode's name comes to is wanted as that masternode, both kinds of addresses in turn")
    func masternode() throws {
        let rig = try NameRig(masternodes: [nil, "one.example:24101"])
        #expect(rig.asked == ["one.example"])
        rig.answer("one.example", "2001:db8::1", "192.0.2.7")
        #expect(rig.masternodeWishes == [try wish("[2001:db8::1]:24101", Rig.identity(1))])
        #expect(rig.ownWishes == [])
    }

    @Test("of files that are read anew, names that came are asked for and names that went are wanted no more")
    func reloaded() throws {
        let rig = try NameRig(.init(seeds: seeds("old.example:1", "both.example:2")))
        rig.answer("old.example", "192.0.2.7")
        rig.answer("both.example", "192.0.2.8")
        try rig.reload(.init(seeds: seeds("both.example:2")), bootstrap: ["new.example:3"])
        #expect(rig.asked == ["old.example", "both.example", "new.example"])
        #expect(rig.ownWishes == [try wish("192.0.2.8:2")])
        rig.answer("new.example", "192.0.2.9")
        #expect(rig.ownWishes == [try wish("192.0.2.9:3"), try wish("192.0.2.8:2")])
    }

    @Test("bootstrap names and seeds come to addresses of nobody in particular, each once")
    func addresses() throws {
        let rig = try NameRig(.init(seeds: seeds("seed.example:1", "b.example:24100")), bootstrap: ["b.example:24100"])
        rig.answer("b.example", "192.0.2.7", "192.0.2.8")
        rig.answer("seed.example", "192.0.2.7", "192.0.2.8")
        #expect(
            rig.ownWishes
                == [
                    try wish("192.0.2.7:24100"), try wish("192.0.2.8:24100"), try wish("192.0.2.7:1"),
                    try wish("192.0.2.8:1"),
                ])
        #expect(rig.asked == ["b.example", "seed.example"])
    }

    @Test("of an answer no more addresses are kept than the profile says, and our own is none")
    func bounds() throws {
        let rig = try NameRig(.init(seeds: seeds("seed.example:24100"), addresses: 2))
        rig.answer("seed.example", Rig.endpoint(0).ip.description, "192.0.2.70", "192.0.2.71")
        #expect(rig.ownWishes == [try wish("192.0.2.70:24100")])
        let many = (0..<1000).map { IPAddress(version4: 0xc000_0000 | UInt32($0)) }
        guard case .addresses(let kept) = Resolution(addresses: many + many) else {
            Issue.record("addresses came to none")
            return
        }
        // The first is 192.0.0.0, which is an address like any other.
        #expect(kept == Array(many.prefix(Resolution.mostAddresses)))
        #expect(Resolution(addresses: [IPAddress(version4: 0)]) == .failed(.unknownName))
    }

    @Test("a failure is said once, asked again after 5, 10, 20 s and so on, and takes no address away")
    func failures() throws {
        let rig = try NameRig(.init(interval: .seconds(100)), bootstrap: ["b.example:24100"])
        rig.answer("b.example", "192.0.2.7")
        rig.advance(by: .seconds(100))
        var waits: [Duration] = []
        for _ in 0..<7 {
            rig.answer("b.example", .failed(.timedOut))
            let since = rig.now
            while !rig.isAsking { rig.advance(by: .milliseconds(500)) }
            waits.append(rig.now - since)
        }
        #expect(waits == [5, 10, 20, 40, 80, 100, 100].map { .seconds($0) })
        #expect(rig.notes == ["discovery dns-seeds: no address for 'b.example': timed-out"])
        #expect(rig.ownWishes == [try wish("192.0.2.7:24100")])
        rig.answer("b.example", "192.0.2.9")
        #expect(rig.ownWishes == [try wish("192.0.2.9:24100")])
    }

    @Test("seeds are asked for only while peers are few, and at once when they become few")
    func enough() throws {
        let rig = try NameRig(
            .init(seeds: seeds("seed.example:24100"), enough: 2, interval: .seconds(60)), bootstrap: ["b.example:24100"]
        )
        rig.answer("b.example", "192.0.2.7")
        rig.answer("seed.example", "192.0.2.8")
        let links = [rig.link(1), rig.link(2)]
        rig.advance(by: .seconds(600))
        rig.answer("b.example", "192.0.2.7")
        #expect(rig.asked.count { $0 == "seed.example" } == 1)
        rig.end(links[0])
        #expect(rig.asked.count { $0 == "seed.example" } == 2)
        #expect(rig.asked.count { $0 == "b.example" } == 2)
    }

    @Test("addresses of seeds are wanted only while peers are few, those of bootstrap names always")
    func enoughAddresses() throws {
        let rig = try NameRig(.init(seeds: seeds("seed.example:24100"), enough: 2), bootstrap: ["b.example:24100"])
        rig.answer("b.example", "192.0.2.7")
        rig.answer("seed.example", "192.0.2.8")
        let both = [try wish("192.0.2.7:24100"), try wish("192.0.2.8:24100")]
        #expect(rig.ownWishes == both)
        let links = [rig.link(1), rig.link(2)]
        #expect(rig.ownWishes == [both[0]])
        rig.end(links[0])
        #expect(rig.ownWishes == both)
    }

    @Test("an address of a seed that we have a link to stays wanted")
    func linkedSeed() throws {
        let rig = try NameRig(.init(seeds: seeds("seed.example:24100"), enough: 2))
        rig.answer("seed.example", "192.0.2.7", "192.0.2.8")
        rig.connect("192.0.2.8:24100", 5)
        _ = rig.link(1)
        #expect(rig.ownWishes == [try wish("192.0.2.8:24100")])
    }

    @Test("names that are gone when their answers come make room for those that came in their place")
    func replaced() throws {
        let rig = try NameRig(.init(seeds: seeds("a.example:1", "b.example:1", "c.example:1", "d.example:1")))
        try rig.reload(.init(seeds: seeds("new.example:1")))
        #expect(rig.asked.count == DNSSeeds.mostUnderWay)
        rig.answer("a.example", "192.0.2.7")
        #expect(rig.asked.last == "new.example")
    }

    @Test("four names are asked for at a time, and the rest as answers come")
    func underWay() throws {
        let names = (0..<10).map { "n\($0).example" }
        let rig = try NameRig(bootstrap: names.map { "\($0):24100" })
        #expect(rig.asked == Array(names.prefix(4)))
        for name in names { rig.answer(name, "192.0.2.7") }
        #expect(rig.asked == names)
        rig.advance(by: .seconds(1799))
        #expect(rig.asked.count == 10)
        rig.advance(by: .seconds(1))
        #expect(rig.asked.count == 14)
    }

    @Test("without names it asks nothing, wants nobody and sets no timer")
    func nothing() throws {
        let rig = try NameRig(masternodes: [nil, nil])
        rig.advance(by: .seconds(3600))
        #expect(rig.asked.isEmpty)
        #expect(rig.ownWishes == nil)
    }

    @Test("an address is no seed, and the profile's defaults are the module's")
    func options() throws {
        let options = try Options.defaults(of: DNSSeedsOptions.spec)
        #expect(DNSSeedsOptions(options) == DNSSeedsOptions())
        for text in ["192.0.2.1:24100", "seed.example", "seed.example:0", "-.example:1", "a..b:1"] {
            let changed = options.setting("seeds", to: .list([.string(text)]))
            #expect(DNSSeedsOptions.spec.check?(changed).count == 1, "\(text)")
        }
    }
}
