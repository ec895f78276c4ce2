import Foundation
import Kernel
import Logging
import ModuleTesting
import Profile
import RPC
import Wire

/// Serves one node's status until its task is cancelled: what `run` does with a module of the role rpc.
///
/// - Parameters: where to listen; the node's status; told where the server listens once it does.
public typealias RPCServing =
    @Sendable (
        RPCPort, @escaping @Sendable () -> NodeStatus, @escaping @Sendable (Endpoint?) async -> Void
    ) async throws -> Void

/// Tries an rpc module over real sockets of the loopback address: who may ask, what is answered, and how much.
///
/// ```swift
/// try await RPCConformance(HTTPServer.descriptor).run().expectConforming()
/// ```
public struct RPCConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [.loopback, .pages, .limits]

    /// Changes an answer, so that a test can see the kit notice.
    package typealias Tampering = @Sendable (_ request: String, _ answer: RPCAnswer) -> RPCAnswer

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let exempt: [ConformanceRule]
    private let serve: RPCServing
    private let tampering: Tampering

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart.
    ///   - serve: runs the module's server; by default the one that ships.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, exempt: [ConformanceRule] = [],
        serve: @escaping RPCServing = RPCConformance.shipped
    ) {
        self.init(descriptor, options: options, exempt: exempt, serve: serve) { $1 }
    }

    package init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, exempt: [ConformanceRule] = [],
        serve: @escaping RPCServing = RPCConformance.shipped, tampering: @escaping Tampering
    ) {
        self.descriptor = descriptor
        self.options = options
        self.exempt = exempt
        self.serve = serve
        self.tampering = tampering
    }

    /// Runs the server that `run` has for the module `http`.
    public static let shipped: RPCServing = { port, status, onRunning in
        let logger = Logger(label: "rpc-conformance") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTPServer(port, logger: logger, status: { _ in status() }, onRunning: onRunning)
        try await server.run()
    }

    /// Runs the module; takes a second.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made, and what its server throws.
    public func run() async throws -> ConformanceReport {
        guard case .rpc(let make) = descriptor.factory else { throw TrialSetup.wrongRole(descriptor, wanted: .rpc) }
        let options = try TrialSetup.options(options, for: descriptor)
        var port = try TrialSetup.tryOut(descriptor) { try make(options) }
        var findings = PortFindings()
        if self.options == nil {
            findings.expect(
                port.listen.ip.isLoopback, .loopback,
                "without options it listens on \(port.listen), where others can ask"
            )
        }
        port.listen = PortNode.loopback
        let script = RPCScript(port: port, serve: serve, tampering: tampering)
        try await script.pages(&findings)
        try await script.limits(&findings)
        try await script.ending(&findings)
        return findings.report(TrialSetup.name(of: descriptor), exempt)
    }
}

/// What a server said.
package struct RPCAnswer: Sendable, Hashable {
    /// The status code; 0 where the server said nothing and closed.
    package var code: Int
    package var body: [UInt8]

    package init(code: Int, body: [UInt8]) {
        self.code = code
        self.body = body
    }

    /// The answer in the bytes of a connection that the server has closed.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.prefix { !$0.isNewline }.split(separator: " ")
        code = words.count > 1 ? Int(words[1]) ?? 0 : 0
        body = text.range(of: "\r\n\r\n").map { Array(text[$0.upperBound...].utf8) } ?? []
    }

    var members: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))).flatMap { $0 as? [String: Any] } ?? [:]
    }
}
