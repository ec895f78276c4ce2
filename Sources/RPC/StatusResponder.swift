import Foundation
import Hummingbird
import Kernel

/// Answers every request from one published status.
struct StatusResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let node: any NodeAPI

    func respond(to request: Request, context: Context) async throws -> Response {
        guard let page = StatusPage(rawValue: StatusPage.path(of: request.uri.path)) else {
            return try JSONResponse.make(
                ErrorBody(error: "there is nothing at this path", hint: "try \(StatusPage.list)"), status: .notFound
            )
        }
        guard request.method == .get || request.method == .head else {
            var response = try JSONResponse.make(
                ErrorBody(error: "\(page.rawValue) is read-only", hint: "ask with GET"), status: .methodNotAllowed
            )
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        return try await page.response(of: node)
    }
}

/// What a refused request is told.
struct ErrorBody: Encodable {
    let error: String
    let hint: String

    /// As JSON; empty where that cannot be made of it.
    var text: String { (try? JSONResponse.text(self)) ?? "" }
}

/// JSON with sorted keys, one line, ending in a line break, never cached.
enum JSONResponse {
    /// JSON has one encoding and its type no parameter (RFC 8259, section 11); some clients take nothing else.
    static let type = "application/json"

    static func make(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        TextResponse.make(try text(value), type: type, status: status)
    }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
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
