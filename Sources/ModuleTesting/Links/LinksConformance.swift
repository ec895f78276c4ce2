import Kernel
import Profile
import Wire

/// What the options of a links module bound, as its author says.
public struct LinkLimits: Sendable, Hashable {
    /// Incoming connections that are not up, at one time.
    public var handshakes: Int
    /// Links that are up, at one time.
    public var links: Int

    /// Bounds that the kit holds the module to.
    public init(handshakes: Int, links: Int) {
        self.handshakes = handshakes
        self.links = links
    }
}

/// Tries a links module: in four nodes on a network that resets, silences and refuses connections, among restarts, lost
/// processes, crossed dials and strangers that lie, and in five whole nodes of the laboratory; all in virtual time.
///
/// ```swift
/// try LinksConformance(MyLinks.descriptor).run().expectConforming()
/// ```
public struct LinksConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .legalUse, .cleanUp, .snapshot, .handOver, .idleness, .boundedness, .oneLink, .routing, .reasons,
        .admission, .identity, .linking,
    ]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let limits: LinkLimits?
    private let exempt: [ConformanceRule]

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - limits: what these options bound. Without them the kit only asks that twice as many strangers do not get twice
    ///     as many places, and says nothing of memory for peers that come and go. Keep them small, a hundred or so.
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart. A module that does not
    ///     claim one link per identity is exempt from `one-link`, one that believes what is said from `identity`.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, limits: LinkLimits? = nil,
        exempt: [ConformanceRule] = []
    ) {
        self.descriptor = descriptor
        self.options = options
        self.limits = limits
        self.exempt = exempt
    }

    /// Runs the module; takes some seconds in a debug build.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made. What it does wrong is in the report.
    public func run() throws -> ConformanceReport {
        guard case .links(let make) = descriptor.factory else { throw TrialSetup.wrongRole(descriptor, wanted: .links) }
        let build = try TrialSetup.maker(descriptor, options, make)
        return try Trial(descriptor: descriptor, exempt: exempt) { watch in
            let stage = try LinksStage(watch: watch, limits: limits) { try Self.probe(try build(), watch, build) }
            var script = LinksScript(stage: stage, limits: limits)
            try script.perform()
            guard !stage.isOver, !watch.handsOver else { return [stage.digest] }
            let module = TrialSetup.wrapped(
                descriptor, .links { _ in try Self.probe(try build(), watch, build, inWholeNodes: true) }
            )
            let whole = WholeRun(descriptor: module, watch: watch, act: StageAct(channel: .links, place: "links"))
            return [stage.digest, try whole.perform()]
        }.perform()
    }

    /// On the stage the node is looked at from outside, once a turn is over.
    private static func probe<Module: LinksPolicy>(
        _ module: Module, _ watch: Watch, _ build: @escaping () throws -> any LinksPolicy, inWholeNodes: Bool = false
    ) throws -> any LinksPolicy {
        let judge = LinksJudge(watch: watch)
        let look = { (module: Module, context: borrowing Context) in
            judge.judge(
                context.links, at: context.now, routes: { module.route(to: $0) },
                replies: { module.replyRoute(for: $0) }
            )
        }
        return Probe(module, watch: watch, thinning: 4, inspect: inWholeNodes ? look : nil) { try build() as? Module }
    }
}
