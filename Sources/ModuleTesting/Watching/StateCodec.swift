import Foundation

/// A module's state as bytes. Keys are sorted, so that equal states have equal bytes.
struct StateCodec {
    private let encoder: JSONEncoder
    private let decoder = JSONDecoder()

    init() {
        encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
    }

    func bytes(of state: some Encodable) throws -> Data { try encoder.encode(state) }

    func state<State: Decodable>(_ type: State.Type, from bytes: Data) throws -> State {
        try decoder.decode(type, from: bytes)
    }
}
