import Kernel
import Wire

/// Stands between a node and the module that is tried: hands every callback on and looks at the module afterwards.
struct Probe<Wrapped: Policy>: Policy {
    /// Encoded bytes that a state may take beyond those at the start once all links are gone: a counter grows by
    /// digits.
    private static var slackBytes: Int { 64 }
    /// Encoded bytes that a module may remember of a peer, its identity among them, when no link with it is left: how
    /// its links ended before may tell what is on the way to it.
    private static var peerBytes: Int { 256 }
    /// Timers of one instant after which the module is no longer asked: it would go on for ever.
    private static var timersPerInstant: Int { 1000 }
    /// The state is written out and read back at every third callback, and sampled at every sixteenth; both at every
    /// sixteenth where a link stands for a day.
    private static var readBackStride: UInt64 { 3 }
    private static var samplingStride: UInt64 { 16 }

    /// Carries the module's code as it is, so that a code that the module cannot read back is found and not a crash.
    struct Timer: PolicyTimer {
        let code: TimerCode

        init(code: TimerCode) {
            self.code = code
        }
    }

    typealias Messages = Wrapped.Messages

    var wrapped: Wrapped
    private let watch: Watch
    private let remake: () throws -> Wrapped?
    /// A wake-up while no link is up is a breach: so it is for liveness, not for discovery.
    private let needsLinks: Bool
    /// The state is looked at so many times less often: writing out a large one takes long.
    private let thinning: UInt64
    /// Looks at the module and its node after each callback.
    private let inspect: ((Wrapped, borrowing Context) -> Void)?
    private let number: Int
    private let codec = StateCodec()

    private var calls: UInt64 = 0
    private var linksUp = 0
    private var peers: [Identity] = []
    private var startBytes: Int?
    /// What the state of a module took that remembers nothing yet.
    private let emptyBytes: Int
    /// The module was given a state: it is somebody's successor.
    private var isSuccessor = false
    private var firedAt = Instant.never
    private var firedCodes: [TimerCode] = []

    var state: Wrapped.State {
        get { wrapped.state }
        set {
            wrapped.state = newValue
            isSuccessor = true
        }
    }

    init(
        _ wrapped: Wrapped, watch: Watch, needsLinks: Bool = false, thinning: UInt64 = 1,
        inspect: ((Wrapped, borrowing Context) -> Void)? = nil, remake: @escaping () throws -> Wrapped?
    ) {
        self.wrapped = wrapped
        self.watch = watch
        self.needsLinks = needsLinks
        self.thinning = thinning
        self.inspect = inspect
        self.remake = remake
        number = watch.register()
        watch.nameTimers { code in
            Wrapped.Timer(code: code).map { "\($0)".replacing("Kernel.", with: "").replacing("Wire.", with: "") }
        }
        do {
            emptyBytes = try codec.bytes(of: wrapped.state).count
        } catch {
            emptyBytes = 0
            watch.report(.snapshot, "the state of a module that has not started cannot be written out: \(error)")
        }
    }

    mutating func start(_ context: inout Context) {
        step(&context) { $0.start(&$1) }
        let bytes = stateBytes()
        startBytes = isSuccessor ? min(bytes, emptyBytes) : bytes
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        let code = timer.code
        if needsLinks, linksUp == 0 {
            watch.report(.idleness, "timer \(watch.words(code)) fired at \(context.now) while no link was up")
        }
        guard let typed = Wrapped.Timer(code: code) else {
            watch.report(.snapshot, "timer \(watch.words(code)) cannot be made from its own code again")
            return
        }
        if context.now != firedAt {
            firedAt = context.now
            firedCodes.removeAll(keepingCapacity: true)
        }
        if firedCodes.contains(code) {
            watch.report(
                .legalUse,
                "timer \(watch.words(code)) fired twice at \(context.now): it was set for a moment that has passed, "
                    + "which a stalled process makes up for in a burst"
            )
        }
        firedCodes.append(code)
        let repetitions = firedCodes.count { $0 == code }
        guard repetitions <= 3, firedCodes.count <= Self.timersPerInstant else { return }
        step(&context) { $0.fired(typed, &$1) }
    }

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        linksUp += 1
        if let peer = link.peer, !peers.contains(peer) { peers.append(peer) }
        step(&context) { $0.linkUp(link, &$1) }
    }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        linksUp -= 1
        step(&context) { $0.linkDown(link, reason, &$1) }
        guard needsLinks, linksUp == 0, let startBytes else { return }
        let bytes = stateBytes()
        if bytes > startBytes + Self.slackBytes + peers.count * Self.peerBytes {
            watch.report(
                .cleanUp,
                "after 'linkDown' of the last link the state takes \(bytes) bytes, at the start it took \(startBytes)"
            )
        }
    }

    mutating func received(_ message: Wrapped.Messages, from link: LinkID, _ context: inout Context) {
        step(&context) { $0.received(message, from: link, &$1) }
    }

    mutating func stored(_ reply: StoreReply, _ context: inout Context) {
        step(&context) { $0.stored(reply, &$1) }
    }

    mutating func resolved(_ resolution: Resolution, _ token: Token, _ context: inout Context) {
        step(&context) { $0.resolved(resolution, token, &$1) }
    }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        step(&context) { $0.verified(verification, token, &$1) }
    }

    mutating func shutdown(_ context: inout Context) {
        step(&context) { $0.shutdown(&$1) }
    }

    // MARK: After each callback

    /// - Parameter callback: the function that calls, which has the callback's name.
    mutating func step(
        _ context: inout Context, callback: String = #function, _ body: (inout Wrapped, inout Context) -> Void
    ) {
        let callback = String(callback.prefix { $0 != "(" })
        body(&wrapped, &context)
        calls += 1
        watch.called(callback)
        // The types in a state do not change; what they hold appears with the first links.
        if calls < 64, let offender = HashOrder.offender(in: wrapped.state) {
            watch.report(
                .determinism,
                "the state holds a \(offender) after '\(callback)': its order differs in every process"
            )
        }
        let isSampling = watch.isSampling
        inspect?(wrapped, context)
        let samplingStride = Self.samplingStride * thinning
        let stride = isSampling ? samplingStride : Self.readBackStride * thinning
        if watch.readsStateBack, calls % stride == 0 { readBack(after: callback) }
        if isSampling, calls % samplingStride == 0 {
            watch.add(Watch.Sample(probe: number, time: context.now, bytes: stateBytes()))
        }
    }

    /// Puts a fresh module with the same state in the place of the one that ran so far.
    private mutating func readBack(after callback: String) {
        do {
            let bytes = try codec.bytes(of: wrapped.state)
            let state = try codec.state(Wrapped.State.self, from: bytes)
            if try codec.bytes(of: state) != bytes {
                watch.report(.snapshot, "the state after '\(callback)' reads back as another one")
            }
            guard var fresh = try remake() else { return }
            fresh.state = state
            wrapped = fresh
        } catch {
            watch.report(.snapshot, "the state after '\(callback)' cannot be written out and read back: \(error)")
        }
    }

    private func stateBytes() -> Int {
        do {
            return try codec.bytes(of: wrapped.state).count
        } catch {
            watch.report(.snapshot, "the state cannot be written out: \(error)")
            return 0
        }
    }
}
