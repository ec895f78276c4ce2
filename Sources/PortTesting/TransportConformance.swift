import Kernel
import ModuleTesting
import Profile
import Transport
import Wire

/// Tries a transport module on real sockets of the loopback address, through the driver that `run` uses: two nodes that
/// link, talk, half-close, are overrun, part and are reset, and strangers who are no nodes.
///
/// ```swift
/// try await TransportConformance(MyTransport.descriptor).run().expectConforming()
/// ```
public struct TransportConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [.connecting, .delivery, .halfClose, .reasons, .backPressure]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let exempt: [ConformanceRule]
    private let patience: Duration
    private let tampering: PortJournal.Tampering

    /// A trial of the module with these options, its defaults where there are none. Where it listens is the kit's choice.
    ///
    /// - Parameter exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(_ descriptor: ModuleDescriptor, options: Options? = nil, exempt: [ConformanceRule] = []) {
        self.init(descriptor, options: options, exempt: exempt, patience: .seconds(20)) { [$0] }
    }

    /// - Parameters:
    ///   - patience: how long anything is waited for.
    ///   - tampering: what the nodes' journals make of an entry.
    package init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, exempt: [ConformanceRule] = [], patience: Duration,
        tampering: @escaping PortJournal.Tampering
    ) {
        self.descriptor = descriptor
        self.options = options
        self.exempt = exempt
        self.patience = patience
        self.tampering = tampering
    }

    /// Runs the module; takes some seconds.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made, or what keeps a node on it from starting.
    public func run() async throws -> ConformanceReport {
        guard case .transport(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .transport)
        }
        let options = try TrialSetup.options(options, for: descriptor)
        var port = try TrialSetup.tryOut(descriptor) { try make(options) }
        var findings = PortFindings()
        Self.judgeFigures(of: port, &findings)
        // Without bounds of its own it would have this machine fill its memory.
        guard findings.violations.isEmpty else { return findings.report(TrialSetup.name(of: descriptor), exempt) }
        port.listen = PortNode.loopback
        let script = TransportScript(port: port, patience: patience, tampering: tampering)
        try await script.connect(&findings)
        try await script.refuse(&findings)
        try await script.deliver(&findings)
        try await script.closeHalf(&findings)
        try await script.part(&findings)
        try await script.overrun(&findings)
        return findings.report(TrialSetup.name(of: descriptor), exempt)
    }

    private static func judgeFigures(of port: TransportPort, _ findings: inout PortFindings) {
        let limit = Duration.seconds(300)
        findings.expect(
            port.connectTimeout > .zero && port.connectTimeout <= limit, .connecting,
            "a dial may take \(port.connectTimeout); it has to end within \(limit)"
        )
        findings.expect(
            port.sendQueueBytes > 0 && port.sendQueueBytes <= 1 << 30, .backPressure,
            "\(port.sendQueueBytes) bytes may wait for one slow peer; no more than 1 GiB may"
        )
    }
}
