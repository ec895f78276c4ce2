import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SystemErrors

/// Asks a node over HTTP: one request, one connection.
struct NodeClient: Sendable {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// Why nothing came back, in words.
    struct Failure: Error, Sendable, CustomStringConvertible {
        let message: String
        /// What to do about it; nil where the question's own command knows it better.
        var help: String?
        var description: String { message }
    }

    let address: RPCAddress
    /// For everything: the connection, the question and the answer.
    var timeout: Duration = .seconds(5)

    /// A longer answer is no node's.
    private static let limit = 64 * 1_024 * 1_024

    /// One for the process. It is never shut down: its threads are those that everything shares, and it keeps no connection.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        // A refused connection is an answer to give now; whoever wants to wait for a node asks again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Why this process can ask nobody: the library ends it where no event loop can be made.
    private static let obstacle: CommandFailure? = {
        do throws(CommandFailure) {
            try ResourceLimits.current.expectEnoughToAsk(.current)
            return nil
        } catch {
            return error
        }
    }()

    /// Asks for `path`.
    func get(_ path: String) async throws(Failure) -> Answer {
        if let obstacle = Self.obstacle { throw Failure(message: obstacle.message, help: obstacle.help) }
        var request = HTTPClientRequest(url: "\(address)\(path)")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Connection", value: "close")
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        do {
            let response = try await Self.client.execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: Self.limit)
            return Answer(status: Int(response.status.code), body: Array(buffer: body))
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: any Error) -> Failure {
        if let error = error as? HTTPClientError {
            switch error {
            case .connectTimeout, .deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout:
                return Failure(message: "no answer from \(address) within \(timeout)")
            case .remoteConnectionClosed: return Failure(message: "\(address) closed the connection without an answer")
            default: return Failure(message: "\(address) cannot be asked: \(error.shortDescription)")
            }
        }
        if error is HTTPParserError { return Failure(message: "the answer of \(address) is not HTTP") }
        if error is NIOTooManyBytesError { return Failure(message: "the answer of \(address) has no end") }
        return Failure(message: "cannot connect to \(address): \(SystemErrorText.of(error))")
    }
}
