import Foundation
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import RPC

@Suite("The listening socket of the HTTP server", .timeLimit(.minutes(1))) struct HTTPListenerTests {
    @Test("where the system has no descriptor left it is left alone for a moment, and one line says what to do")
    func noDescriptor() async throws {
        let server = try await RunningServer.start()
        let channel = server.channel
        let reads = try await channel.eventLoop.submit {
            for _ in 0..<5 {
                channel.pipeline.syncOperations.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
            }
            return try channel.syncOptions?.getOption(.autoRead)
        }.get()
        // Or the selector would report the socket again at once.
        #expect(reads == false)
        #expect(try await server.ask("/health").code == 200)
        #expect(server.complaints.all.count == 1)
        #expect(server.complaints.all.first?.contains("'ulimit -n'") == true)
        #expect(server.complaints.all.first?.contains("errno") == false)
        try await server.stop()
    }

    @Test("a server whose task is cancelled ends, with clients that are connected and others on their way")
    func cancelled() async throws {
        for _ in 0..<20 {
            let server = try await RunningServer.start()
            var clients: [RawClient] = []
            for _ in 0..<4 { clients.append(try await server.connect()) }
            try await server.stop()
            for client in clients { try? await client.close() }
        }
    }
}
