import ArgumentParser
import Crypto
import Foundation
import Kernel
import Logging
import Profile
import ServiceLifecycle
import SystemErrors
import Trace
import Transport
import Wire

/// `run`: one node, until SIGINT or SIGTERM.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a node until SIGINT or SIGTERM.",
        discussion: "The first run makes the data directory and the identity key in it. The log goes to stderr."
    )

    @Argument(help: "The profile; '-' reads it from standard input.", transform: PathText.expanded)
    var profile: String = "node.yaml"

    @OptionGroup var overriding: OverrideOption

    @Option(help: "text or json; overrides the profile's node.log.format.")
    var logFormat: LogFormat?

    @Option(help: "trace, debug, info, notice, warning, error or critical; overrides the profile's node.log.level.")
    var logLevel: String?

    @Option(
        defaultAsFlag: "",
        help: ArgumentHelp(
            "Keep the newest inputs and effects and write them to FILE on SIGUSR1 and at the end, for 'replay'; "
                + "without FILE to trace.jsonl in the data directory.",
            valueName: "FILE"
        ),
        transform: PathText.expanded
    )
    var record: String?

    @Option(help: ArgumentHelp("How much '--record' keeps, such as 32MiB.", valueName: "size"))
    var recordSize: String = "8MiB"

    @Flag(
        help: ArgumentHelp(
            "Write everything that happens in the node to standard output, one JSON object a line, for programs."
        )
    )
    var events = false

    @Flag(help: .hidden)
    var untilStdinCloses = false

    private static let recordSizes = (1 << 20)...(1 << 30)

    /// For the laboratory: modules draw what they would draw in the simulation of this seed. Predictable, so not for a
    /// node that strangers can reach.
    @Option(help: .hidden)
    var seed: UInt64?

    func validate() throws {
        if let logLevel, Logger.Level(rawValue: logLevel) == nil {
            throw ValidationError("'\(logLevel)' is no log level: write debug, info, warning or error.")
        }
        guard let size = ByteSizeText.parse(recordSize), Self.recordSizes.contains(size) else {
            throw ValidationError("--record-size takes 1MiB to 1GiB, not '\(recordSize)'")
        }
        if untilStdinCloses, profile == StandardInput.path {
            throw ValidationError("a profile on standard input closes it: leave --until-stdin-closes out")
        }
    }

    func run() async throws {
        let node = try prepare()
        let profile = node.composition.profile
        let console = CommandScope.current.console
        let format = logFormat ?? LogFormat(rawValue: profile.node.record("log").choice("format")) ?? .text
        let sink = LogSink(write: console.writeLog)
        let output = events ? EventOutput(console) : nil
        defer {
            sink.flush()
            output?.flush()
        }
        let logger = NodeLogHandler.logger(format, level: level(of: profile), sink: sink)
        logger.info("timenode \(Version.number), profile \(profile.path), identity \(node.key.identity.hex)")
        if node.isKeyNew { logger.notice("Made a new identity key: \(node.directory.keyFile)") }
        for warning in try node.composition.warnings(at: node.directory, for: node.key.identity) {
            logger.warning("\(warning)")
        }
        let monitor = NodeMonitor(
            network: node.composition.network, rule: node.composition.dialRule, logger: logger,
            showsMetadata: format == .json
        )
        let recording = try recording(of: profile, node.directory, logger)
        do {
            try await serve(node, monitor, recording, logger, sink, output)
        } catch {
            // That is when a trace is wanted most.
            _ = recording?.file.write()
            throw error
        }
        let isTraceKept = recording?.file.write() ?? true
        logger.info("Stopped")
        if !isTraceKept { throw CommandFailure.silent(.failed) }
    }

    /// What a node is made from, checked.
    private struct Prepared {
        let composition: Composition
        let servers: [RPCPort]
        let directory: DataDirectory
        let key: Curve25519.Signing.PrivateKey
        let isKeyNew: Bool
    }

    /// Reads the files, looks whether the system lets this process have what a node needs, and locks the data directory.
    private func prepare() throws -> Prepared {
        let scope = CommandScope.current
        let profile = try ProfileSource.load(profile, overrides: overriding.overrides)
        let network = try NetworkSource.load(for: profile)
        let composition = Composition(profile: profile, network: network, registry: scope.registry)
        let servers = try composition.servers()
        DescriptorLimit.raise()
        try ResourceLimits.current.expectEnough(.current, masternodes: network.masternodes.count)
        let directory = composition.dataDirectory
        if !Files.exists(directory.keyFile) {
            try composition.ownAddresses().expectNewIdentityIsWanted(in: network, keyFile: directory.keyFile)
        }
        try directory.open()
        let (key, isNew) = try IdentityKeyFile.loadOrCreate(at: directory.keyFile)
        return Prepared(
            composition: composition, servers: servers, directory: directory, key: key, isKeyNew: isNew
        )
    }

    /// Runs the node and everything around it until a signal, or until something fails.
    private func serve(
        _ prepared: Prepared, _ monitor: NodeMonitor, _ recording: Recording?, _ logger: Logger, _ sink: LogSink,
        _ output: EventOutput?
    ) async throws {
        let hub = EventHub()
        defer { hub.close() }
        var entropy = SystemRandomNumberGenerator()
        var configuration = try prepared.composition.hostConfiguration(
            privateKey: prepared.key, directory: prepared.directory.path, seed: seed ?? entropy.next()
        ) { event, now, wall in
            output?.take(event, wall: wall)
            monitor.take(event, at: now, wall: wall)
            hub.publish(event, at: now, wall: wall)
        }
        configuration.recorder = recording?.recorder
        let host = NodeHost(configuration)
        let node = RunningNode(
            host: host, monitor: monitor, events: hub, advertised: configuration.advertised,
            droppedLogLines: { sink.dropped }, command: RunningNode.signals(to: recording?.file)
        )
        // Until the services that wait for them run, they must not end the process.
        signal(SIGHUP, SIG_IGN)
        signal(SIGUSR1, SIG_IGN)
        let overrides = overriding.overrides
        let reloading = ReloadService {
            NodeReloader(
                prepared.composition, overrides: overrides, directory: prepared.directory, host: host, monitor: monitor,
                recorder: recording?.recorder, logger: logger
            )
        }
        let services: [any Service] = [
            NodeService(host: host, logger: logger, events: output), reloading,
            RecordingService(file: recording?.file, logger: logger),
        ]
        try await serve(services + prepared.servers.map { PortService(port: $0, node: node, logger: logger) }, logger)
    }

    private typealias Recording = (recorder: FlightRecorder, file: RecordingFile)

    /// What records the node, where that is asked for.
    private func recording(
        of profile: EffectiveProfile, _ directory: DataDirectory, _ logger: Logger
    ) throws -> Recording? {
        guard let record else { return nil }
        let recorder = FlightRecorder(
            profile: TraceHeader.Profile(profile, name: profile.name), program: Version.program,
            limit: ByteSizeText.parse(recordSize) ?? Self.recordSizes.lowerBound
        )
        let path = record.isEmpty ? Files.join(directory.path, "trace.jsonl") : record
        let file = try RecordingFile(path, recorder: recorder, logger: logger)
        logger.info("Recording up to \(recordSize); 'kill -USR1 \(getpid())' writes \(path)")
        return (recorder, file)
    }

    private func level(of profile: EffectiveProfile) -> Logger.Level {
        Logger.Level(rawValue: logLevel ?? profile.node.record("log").choice("level")) ?? .info
    }

    /// Runs the services until a signal, or until one of them fails.
    private func serve(_ services: [any Service], _ logger: Logger) async throws {
        // The group tells of each step of each service; only its complaints are for operators.
        var quiet = logger
        quiet.logLevel = .critical
        var configuration = ServiceGroupConfiguration(
            services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet
        )
        if untilStdinCloses {
            configuration.services.append(
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: StandardInputWatch(), successTerminationBehavior: .gracefullyShutdownGroup
                )
            )
        }
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            throw CommandFailure(.failed, SystemErrorText.of(error), cause: error)
        }
    }
}
