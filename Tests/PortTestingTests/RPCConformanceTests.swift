import Kernel
import ModuleTesting
import Profile
import RPC
import Testing
import Wire

@testable import PortTesting

@Suite("The conformance kit for rpc modules")
struct RPCConformanceTests {
    @Test("http conforms")
    func http() async throws { try await RPCConformance(HTTPServer.descriptor).run().expectConforming() }

    /// A server that answers something else than it should.
    enum Fault: String, CaseIterable, Sendable {
        case alwaysHealthy
        case answersToEveryName
        case readsUnknownEncodings
        case saysNoReasons
        case takesChanges
        case hasEveryPage
        case readsLongHeads
        case readsLongBodies

        func change(_ request: String, _ answer: RPCAnswer) -> RPCAnswer {
            var answer = answer
            switch self {
            case .alwaysHealthy: if request == "GET /health" { answer.code = 200 }
            case .saysNoReasons: if request == "GET /peers" { answer.body = Array(#"{"peers":[]}"#.utf8) }
            case .takesChanges: if request == "POST /status" { answer.code = 200 }
            case .answersToEveryName: if answer.code == 403 { answer.code = 200 }
            case .hasEveryPage: if request == "GET /no-such-page" { answer.code = 200 }
            case .readsLongHeads, .readsLongBodies, .readsUnknownEncodings:
                if request == "GET /status +" { answer.code = 200 }
            }
            return answer
        }
    }

    static let faults: [(Fault, ConformanceRule)] = [
        (.alwaysHealthy, .pages), (.saysNoReasons, .pages), (.takesChanges, .pages), (.hasEveryPage, .pages),
        (.readsLongHeads, .limits), (.readsLongBodies, .limits), (.readsUnknownEncodings, .limits),
        (.answersToEveryName, .limits),
    ]

    @Test("what is answered otherwise than it should be is found", arguments: faults)
    func tampered(_ fault: Fault, _ rule: ConformanceRule) async throws {
        let kit = RPCConformance(HTTPServer.descriptor) { fault.change($0, $1) }
        let report = try await kit.run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("a module that listens where others can ask is found")
    func open() async throws {
        let open = ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.rpc.rawValue, id: "open", version: "1", stability: .development, summary: "listens anywhere",
                posture: "for tests", options: OptionSpec([])
            ),
            factory: .rpc { _ in
                let options = HTTPServerOptions(listen: Endpoint(ip: IPAddress(version4: 0), port: 8332))
                return RPCPort(module: "open", listen: options.listen) { node, setting in
                    HTTPServer(options, node: node, setting: setting)
                }
            }
        )
        let report = try await RPCConformance(open).run()
        #expect(report.violations.map(\.rule) == [.loopback])
    }

    @Test("a module that speaks something of its own conforms, asked in its own words")
    func otherDialect() async throws {
        try await RPCConformance(HeightLine.descriptor(nil), dialect: HeightLine.dialect).run().expectConforming()
    }

    @Test(
        "what a service of any kind does wrong is found",
        arguments: [
            (HeightLine.Fault.saysOldHeight, ConformanceRule.answers), (.stopsTheNode, .answers),
            (.ignoresItsAddress, .service),
        ]
    )
    func otherFaults(_ fault: HeightLine.Fault, _ rule: ConformanceRule) async throws {
        let report = try await RPCConformance(HeightLine.descriptor(fault), dialect: HeightLine.dialect).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }
}
