import Kernel
import Profile
import Wire

/// The options of `http`.
public struct HTTPServerOptions: Sendable, Hashable {
    /// Where the server listens; port 0 takes any free one.
    public var listen: Endpoint
    /// Names by which clients may ask beside addresses and `localhost`, in lower case; `*` stands for every name.
    public var allowedHosts: [String]

    public init(listen: Endpoint, allowedHosts: [String] = []) {
        self.listen = listen
        self.allowedHosts = allowedHosts.map { $0.lowercased() }
    }

    /// - Throws: ``HTTPServerError`` for an address that no loader has checked.
    init(_ options: Options) throws {
        let text = options.endpoint("listen")
        guard let listen = Endpoint(text) else {
            throw HTTPServerError(
                code: .badAddress, message: "'listen' is '\(text)': write an address with a port, 127.0.0.1:8332"
            )
        }
        self.init(listen: listen, allowedHosts: options.strings("allowed_hosts"))
    }

    static let spec = OptionSpec(
        [
            .endpoint("listen", default: "127.0.0.1:8332", "where the server listens; port 0 takes any free one"),
            .list(
                "allowed_hosts", of: .string(maxBytes: 253), default: [], count: 0...64,
                "names by which clients may ask, such as node.example.org, beside localhost and addresses of this host; "
                    + "'*' allows every name, and web pages that a browser of this host shows can then read the answers"
            ),
        ],
        check: { options in
            options.strings("allowed_hosts").enumerated().compactMap { index, text in
                text == "*" || HostField(text).map { $0.port == nil } == true
                    ? nil : "allowed_hosts[\(index)]: write a host's name or address without a port, or '*'"
            }
        }
    )
}
