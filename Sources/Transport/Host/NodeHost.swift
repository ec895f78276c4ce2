import Kernel
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Wire

/// Runs one node on real sockets.
///
/// The node, its policies and its sockets live on one event loop and are never touched from elsewhere; this class is
/// the door to them and may be used from any thread. Disk and signature checks run on threads of their own.
///
/// A dropped host closes its sockets without a goodbye; call `shutdown` first.
public final class NodeHost: Sendable {
    private let loop: any EventLoop
    private let ownGroup: MultiThreadedEventLoopGroup?
    private let board: SnapshotBoard
    private let services: HostServices
    private let driver: NIOLoopBoundBox<HostDriver>

    /// How long `shutdown` may take in all.
    static let shutdownLimit: Duration = .seconds(2)

    /// A host that has not started, on an event loop of its own or on `eventLoop`.
    public init(_ configuration: HostConfiguration, on eventLoop: (any EventLoop)? = nil) {
        let group = eventLoop == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
        let loop = eventLoop ?? group?.next() ?? MultiThreadedEventLoopGroup.singleton.next()
        let signer = Ed25519Signer(configuration.privateKey)
        let board = SnapshotBoard(NodeSnapshot(identity: signer.identity))
        let services = HostServices()
        self.loop = loop
        self.ownGroup = group
        self.board = board
        self.services = services
        self.driver = NIOLoopBoundBox.makeBoxSendingValue(
            HostDriver(configuration, signer: signer, services: services, board: board, loop: loop), eventLoop: loop
        )
    }

    deinit {
        // Only here and not in `shutdown`, so that `withNode` can look at a node that has been shut down.
        ownGroup?.shutdownGracefully { _ in }
    }

    /// Opens the store, makes the policies, binds, and gives the node its first input.
    ///
    /// - Returns: where the node listens, with the port that is bound.
    /// - Throws: `HostError`, or what a module's factory threw. Nothing is left running then.
    public func start() async throws -> Endpoint {
        let driver = driver
        let store = try await loop.submit { try driver.value.prepare() }.get()
        do {
            try await services.start(store: store)
            return try await loop.flatSubmit { driver.value.bind() }.get()
        } catch {
            await shutdown()
            throw error
        }
    }

    /// Says goodbye on every link, sends what is queued, closes, and waits for the writes that the store has taken in;
    /// all of it within two seconds. Nothing happens the second time.
    public func shutdown() async {
        let driver = driver
        let deadline = NIODeadline.now() + TimeAmount(Self.shutdownLimit)
        // The future never fails; there would be nothing to do about it.
        try? await loop.flatSubmit { driver.value.stop(by: deadline) }.get()
        await services.stop(by: deadline, on: loop)
    }

    /// Runs `body` with the node on its event loop, then carries out whatever effects it left there. After `shutdown`
    /// the node is as it ended.
    ///
    /// - Precondition: `start` has returned; before that there is no node.
    public func withNode<T: Sendable>(_ body: @Sendable @escaping (Node) -> T) async -> T {
        let driver = driver
        do {
            return try await loop.flatSubmit { driver.value.visit(body) }.get()
        } catch {
            preconditionFailure("a host was asked for its node, and it has none: \(error)")
        }
    }

    /// Tells the node that its process is about to do long work on the node's event loop, `limit` at most, and waits
    /// until its peers have been told so. Zero says that the work is done.
    ///
    /// A liveness module that understands it (`layered`) asks its peers for patience; the others take no notice.
    public func announceWork(upTo limit: Duration) async {
        let driver = driver
        // The future never fails; a host that does not run has no peers to tell.
        try? await loop.submit { driver.value.announce(workUpTo: limit) }.get()
    }

    /// Hands a transaction to the node's application.
    ///
    /// - Returns: whether it waits for a block now, and if not, why.
    /// - Throws: ``HostError`` `stopped` where the node does not run.
    public func submit(_ transaction: [UInt8]) async throws -> SubmissionResult {
        let driver = driver
        let loop = loop
        return try await loop.flatSubmit {
            let promise = loop.makePromise(of: SubmissionResult.self)
            do {
                // The node answers within the turn that it is told in.
                try driver.value.submit(transaction) { promise.succeed($0) }
            } catch {
                promise.fail(error)
            }
            return promise.futureResult
        }.get()
    }

    /// Goes over to other options, another list of masternodes and, where the role allows it, other modules. Links stay up.
    ///
    /// - Parameters:
    ///   - network: the same network; its masternodes and bootstrap addresses may differ.
    ///   - modules: makes the policies, on the host's event loop.
    /// - Throws: what `modules` throws, `ReloadError` where a change needs a restart, `HostError` where the host does not
    ///   run. Nothing has changed then.
    public func reload(network: NetworkView, modules: @Sendable @escaping () throws -> PolicySet) async throws {
        let driver = driver
        try await loop.submit { try driver.value.reload(try modules(), network: network) }.get()
    }

    /// The newest published state of the node, at most `statusInterval` behind. What TCP says of links is as old as
    /// `measuredAt` says.
    public var snapshot: NodeSnapshot { board.snapshot }

    /// The same with what TCP says of links now, which costs a system call a link: `measured` is at most a second old.
    ///
    /// - Parameter limit: a node whose event loop does not run is waited for so long; then the state is the last one that
    ///   it published.
    public func measuredSnapshot(within limit: Duration = .milliseconds(500)) async -> NodeSnapshot {
        let driver = driver
        let waiter = SurveyWaiter()
        let patience = Task {
            // Cancelled where the survey came first: then nobody waits any more.
            try await Task.sleep(for: limit)
            waiter.end()
        }
        loop.execute { driver.value.surveyLinks(then: waiter.end) }
        await waiter.wait()
        patience.cancel()
        return board.snapshot
    }

    /// Whether the event loop does a turn within `limit`.
    public func doesTurn(within limit: Duration) async -> Bool {
        let waiter = SurveyWaiter()
        let hasTurned = NIOLockedValueBox(false)
        let patience = Task {
            // Cancelled where the loop came first.
            try await Task.sleep(for: limit)
            waiter.end()
        }
        loop.execute {
            hasTurned.withLockedValue { $0 = true }
            waiter.end()
        }
        await waiter.wait()
        patience.cancel()
        return hasTurned.withLockedValue { $0 }
    }

    /// Runs `body` with the driver on its event loop.
    func withDriver<T: Sendable>(_ body: @Sendable @escaping (HostDriver) throws -> T) async throws -> T {
        let driver = driver
        return try await loop.submit { try body(driver.value) }.get()
    }
}
