import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

#if os(Linux)
    @Suite struct SocketTuningTests {
        @Test("the kernel has what was asked for", arguments: [TransportPort.Security.plain, .tls])
        func readBack(_ security: TransportPort.Security) async throws {
            try await withNodes(.init(security: security), .init(security: security)) { nodes in
                let (link, _) = try await connect(nodes[0], nodes[1])
                let keepalive = SocketOptions.Keepalive(idle: .seconds(11), interval: .seconds(2), probes: 5)
                let asked = SocketOptions(keepalive: keepalive, userTimeout: .seconds(12))
                await nodes[0].act { $0.setSocketOptions(asked, on: link) }
                #expect(try await settings(of: link, on: nodes[0]) == [1, 11, 2, 5, 12_000])
            }
        }

        @Test("without a count the kernel keeps its own, nine on Linux")
        func unsetCount() async throws {
            try await withNodes(.init(), .init()) { nodes in
                let (link, _) = try await connect(nodes[0], nodes[1])
                let untouched = try await settings(of: link, on: nodes[0])
                let keepalive = SocketOptions.Keepalive(idle: .seconds(30), interval: .seconds(10), probes: nil)
                await nodes[0].act { $0.setSocketOptions(SocketOptions(keepalive: keepalive), on: link) }
                let settings = try await settings(of: link, on: nodes[0])
                #expect(settings[..<3] == [1, 30, 10])
                #expect(settings[3...] == untouched[3...])
                #expect(untouched == [0, 7200, 75, 9, 0])
            }
        }

        @Test("asking for nothing takes keepalive and the limit off again")
        func takeOff() async throws {
            try await withNodes(.init(), .init()) { nodes in
                let (link, _) = try await connect(nodes[0], nodes[1])
                let keepalive = SocketOptions.Keepalive(idle: .milliseconds(1500), interval: .zero, probes: 3)
                let asked = SocketOptions(keepalive: keepalive, userTimeout: .milliseconds(1500))
                await nodes[0].act { $0.setSocketOptions(asked, on: link) }
                // Whole seconds, rounded up, at least one.
                #expect(try await settings(of: link, on: nodes[0]) == [1, 2, 1, 3, 1500])
                await nodes[0].act { $0.setSocketOptions(SocketOptions(), on: link) }
                let settings = try await settings(of: link, on: nodes[0])
                #expect(settings.first == 0)
                #expect(settings.last == 0)
            }
        }

        private func settings(of link: LinkID, on node: TestNode) async throws -> [Int] {
            try await node.host.withDriver { driver in
                let options = try #require(driver.connections[link]?.channel?.syncOptions)
                return [
                    try options.getOption(.socketOption(.so_keepalive)),
                    try options.getOption(.tcpOption(.keepIdle)),
                    try options.getOption(.tcpOption(.keepInterval)),
                    try options.getOption(.tcpOption(.keepCount)),
                    try options.getOption(.tcpOption(.userTimeout)),
                ]
            }
        }
    }
#endif
