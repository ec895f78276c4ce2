import Foundation
import Hummingbird
import Kernel

/// Answers every request from one published status.
struct StatusResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let status: @Sendable (StatusDetail) async -> NodeStatus

    func respond(to request: Request, context: Context) async throws -> Response {
        let path = Self.path(of: request.uri.path)
        guard let page = StatusPage(rawValue: path) else {
            return Self.error(.notFound, "there is nothing at this path", hint: "try \(StatusPage.list)")
        }
        guard request.method == .get else {
            var response = Self.error(
                .methodNotAllowed, "\(page.rawValue) is read-only", hint: "ask with GET"
            )
            response.headers[.allow] = "GET"
            return response
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > HTTPServer.maximumBodyBytes {
            return Self.error(.contentTooLarge, "no request needs a body", hint: "ask with GET and no body")
        }
        return try page.response(for: await status(page.detail))
    }

    /// `/health/` means `/health`.
    private static func path(of text: String) -> String {
        text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private static func error(_ status: HTTPResponse.Status, _ message: String, hint: String) -> Response {
        let body = ErrorBody(error: message, hint: hint)
        guard let response = try? JSONResponse.make(body, status: status) else { return Response(status: status) }
        // What such a client sent after its head is not worth reading.
        var closing = response
        closing.headers[.connection] = "close"
        return closing
    }
}

/// What a refused request is told.
private struct ErrorBody: Encodable {
    let error: String
    let hint: String
}

/// JSON with sorted keys, one line, ending in a line break, never cached.
enum JSONResponse {
    static func make(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        return TextResponse.make(text, type: "application/json; charset=utf-8", status: status)
    }
}

/// Text of some type, never cached.
enum TextResponse {
    static func make(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        let buffer = ByteBuffer(string: text)
        return Response(
            status: status,
            headers: [
                .contentType: type, .contentLength: String(buffer.readableBytes), .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: buffer)
        )
    }
}
