/// One door of the program through which bytes of somebody else's come in.
struct FuzzTarget: Sendable {
    /// A file of the corpus to begin with.
    struct Seed {
        let name: String
        let bytes: [UInt8]
    }

    /// Its name in `FUZZ_TARGET` and of its folder in `Corpus`.
    let name: String
    /// Inputs that are accepted, one per kind: they show the fuzzer the way in.
    let seeds: @Sendable () -> [Seed]
    /// Feeds one input. Returns whatever the input is; traps where a promise is broken.
    let run: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] = [
        .frames, .messages, .handshakes, .certificates, .profiles, .networks, .records, .traces, .snapshots,
    ]
}

/// Ends the program, so that libFuzzer keeps the input, unless a promise holds.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) {
    guard holds else { fatalError("broken promise: \(what())") }
}
