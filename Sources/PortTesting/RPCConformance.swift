import Foundation
import Kernel
import ModuleTesting
import Profile
import Wire

/// Tries an rpc module over real sockets of the loopback address: who may ask, what is answered, and how much; that it ends
/// when it is told to, and can be started again where it was.
///
/// ```swift
/// try await RPCConformance(HTTPServer.descriptor).run().expectConforming()
/// ```
///
/// A module that speaks something else than HTTP says how to ask it for one figure:
///
/// ```swift
/// try await RPCConformance(LineServer.descriptor, dialect: RPCDialect { await LineClient.height(at: $0) }).run()
/// ```
///
/// One that listens on no IP address has nothing that the kit can ask, and its trial ends with its start and end.
public struct RPCConformance: Sendable {
    /// What it asks of a module; `pages` of one that speaks HTTP alone.
    public static let rules: [ConformanceRule] = [.loopback, .service, .answers, .pages, .limits]

    /// Changes an answer, so that a test can see the kit notice.
    package typealias Tampering = @Sendable (_ request: String, _ answer: RPCAnswer) -> RPCAnswer

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let dialect: RPCDialect
    private let exempt: [ConformanceRule]
    private let tampering: Tampering

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - dialect: how the module's service is asked.
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, dialect: RPCDialect = .http,
        exempt: [ConformanceRule] = []
    ) {
        self.init(descriptor, options: options, dialect: dialect, exempt: exempt) { $1 }
    }

    package init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, dialect: RPCDialect = .http,
        exempt: [ConformanceRule] = [], tampering: @escaping Tampering
    ) {
        self.descriptor = descriptor
        self.options = options
        self.dialect = dialect
        self.exempt = exempt
        self.tampering = tampering
    }

    /// Runs the module; takes a second or two.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made, and what its service throws.
    public func run() async throws -> ConformanceReport {
        guard case .rpc(let make) = descriptor.factory else { throw TrialSetup.wrongRole(descriptor, wanted: .rpc) }
        let options = try TrialSetup.options(options, for: descriptor)
        let port = try TrialSetup.tryOut(descriptor) { try make(options) }
        var findings = PortFindings()
        if self.options == nil, let listen = port.listen {
            findings.expect(
                listen.ip.isThisHost, .loopback, "without options it listens on \(listen), where others can ask"
            )
        }
        let script = RPCScript(port: port, dialect: dialect, tampering: tampering)
        try await script.service(&findings)
        if port.listen != nil {
            try await script.answers(&findings)
            try await script.strangers(&findings)
        }
        if dialect.hasPages {
            try await script.pages(&findings)
            try await script.limits(&findings)
        }
        return findings.report(TrialSetup.name(of: descriptor), exempt)
    }
}

extension IPAddress {
    /// Whether only this host reaches the address.
    fileprivate var isThisHost: Bool {
        version4Bits.map { $0 >> 24 == 127 } ?? (self == IPAddress(version6: 0, 1))
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
